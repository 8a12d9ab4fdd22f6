import ArgumentParser
import VCM

/// A mount, from the command line to its end.
struct MountCommand {
  let arguments: MountArguments

  func run() throws {
    let request = try MountRequest(arguments)
    _ = request
  }
}
