import ArgumentParser
import StateTree
import VCM

/// `vcmfs check PLATFORM`: says what is wrong with a platform file, or what it declares.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Checks a platform file, and says what it declares.",
    usage: "vcmfs check PLATFORM",
    discussion:
      "Exit status: 0 if a mount would take it, 65 otherwise, with FILE:LINE: REASON for every mistake.")

  @Argument(help: "The YAML file.")
  var platform: String

  func run() throws {
    do {
      print(try PlatformFile(path: platform, formats: KnownFormats.names).read().summary)
    } catch {
      StandardError.write(error.description)
      throw ExitCode(ExitStatus.badPlatform)
    }
  }
}
