import ArgumentParser

/// `vcmfs`: mounts the tree, and three helpers beside it.
@main
struct VcmfsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "vcmfs",
    abstract: "Mounts a Virtual Contiguous Memory Manager as a filesystem.",
    usage: """
      vcmfs [-f] [-d] [-s] [-o OPTION,...] [--platform FILE] [--memory FILE] [SOURCE] MOUNTPOINT
      vcmfs formats
      vcmfs check PLATFORM
      vcmfs decode --format NAME --root ADDRESS [--memory FILE[:BASE]]... [OPTION...]
      """,
    discussion: """
      The mount runs in the background unless -f is given; the command returns when the mount answers. End it with \
      `fusermount3 -u MOUNTPOINT`, `umount MOUNTPOINT` or SIGTERM.

      Mount options (-o): platform=FILE, memory=FILE, ro, nosuid, nodev, noexec, fsname=NAME, default_permissions, \
      allow_other (only together with default_permissions), debug. Options that mount(8) and fstab(5) keep for \
      others (nofail, _netdev, noauto, user, x-*, ...) are ignored, unknown ones are refused.

      Exit status: 0 success (in the background: the mount answers; with -f: it was unmounted), 1 the mount failed, \
      64 the command line is wrong, 65 the platform file is wrong.
      """,
    version: Version.current)

  /// The commands that a first word names.
  ///
  /// A mount point of such a name is written `./check`. They are no sub-commands of the parser's: it would take their names for the mount point.
  static let helpers: [any ParsableCommand.Type] = [
    FormatsCommand.self, CheckCommand.self, DecodeCommand.self,
  ]

  @OptionGroup var arguments: MountArguments

  /// Finds out which command the words name, and reads its arguments.
  static func command(for words: [String]) throws -> any ParsableCommand {
    let helper = helpers.first { $0.configuration.commandName == words.first }
    return try helper.map { try $0.parseAsRoot(Array(words.dropFirst())) } ?? parseAsRoot(words)
  }

  static func main() {
    do {
      var command = try command(for: Array(CommandLine.arguments.dropFirst()))
      try command.run()
    } catch let error as any Complaint {
      StandardError.write("vcmfs: \(error.sentence)")
      exit(withError: ExitCode(error.exitStatus))
    } catch {
      exit(withError: error)
    }
  }

  mutating func run() throws {
    let mount = try MountCommand(arguments: arguments)
    do {
      try mount.run()
    } catch let error as PlatformFileError {
      throw error
    } catch {
      throw MountFailure(error)
    }
  }
}
