import ArgumentParser

/// `vcmfs formats`: lists the page-table formats.
struct FormatsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "formats",
    abstract: "Lists the page-table formats that a device may have.",
    usage: "vcmfs formats")

  func run() throws {
    for line in KnownFormats.lines {
      print(line)
    }
  }
}
