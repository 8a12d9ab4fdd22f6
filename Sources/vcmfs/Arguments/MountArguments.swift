import ArgumentParser

/// The command line of a mount, as it was typed.
struct MountArguments: ParsableArguments {
  @Flag(name: .customShort("f"), help: "Stay in the foreground.")
  var isForeground = false

  @Flag(name: .customShort("d"), help: "Write every request to standard error; implies -f.")
  var isDebugging = false

  @Flag(name: .customShort("s"), help: "Answer with one thread.")
  var isSingleThreaded = false

  @Option(
    name: .customShort("o", allowingJoined: true),
    help: ArgumentHelp("Mount options, divided by commas.", valueName: "option,..."))
  var options: [String] = []

  @Option(help: ArgumentHelp("The machine, as YAML (built in: video-soc).", valueName: "file"))
  var platform: String?

  @Option(
    help: ArgumentHelp("The file that holds physical memory (default: memory of its own).", valueName: "file")
  )
  var memory: String?

  @Argument(
    help: ArgumentHelp("What /proc/mounts shows as the source, and where to mount.", valueName: "path"))
  var paths: [String] = []
}
