/// A mount that the command line asks for, with every contradiction sorted out.
struct MountRequest: Equatable, Sendable {
  /// Where to mount, as given.
  var mountPoint: String

  /// The source that /proc/mounts shows.
  var sourceName: String

  /// The platform file; nil means the built-in platform.
  var platform: String?

  /// The memory file; nil means anonymous memory.
  var memory: String?

  var isForeground: Bool
  var isDebugging: Bool
  var isSingleThreaded: Bool

  /// The `-o` options.
  var options: OptionList

  /// The source's name where none is given.
  static let defaultSourceName = "vcmfs"

  /// Makes a request of a command line.
  ///
  /// - Throws: ``UsageError`` if there is no mount point or too much beside it, or if a file is named in two ways;
  ///   ``OptionError`` for an `-o` option.
  init(_ arguments: MountArguments) throws {
    let options = try OptionList(parsing: arguments.options)
    guard let mountPoint = arguments.paths.last, !mountPoint.isEmpty else { throw UsageError.noMountPoint }
    guard arguments.paths.count <= 2 else { throw UsageError.tooManyPaths(arguments.paths[2]) }
    let source = arguments.paths.count == 2 ? arguments.paths.first : nil
    self.mountPoint = mountPoint
    sourceName = options.sourceName ?? source.flatMap { $0.isEmpty ? nil : $0 } ?? Self.defaultSourceName
    platform = try Self.one("platform", arguments.platform, options.platform)
    memory = try Self.one("memory", arguments.memory, options.memory)
    isDebugging = arguments.isDebugging || options.isDebugging
    isForeground = arguments.isForeground || isDebugging
    isSingleThreaded = arguments.isSingleThreaded
    self.options = options
  }

  private static func one(
    _ name: String, _ option: String?, _ mountOption: String?
  ) throws(UsageError) -> String? {
    if let option, let mountOption, option != mountOption {
      throw .givenTwice(name, option, mountOption)
    }
    return option ?? mountOption
  }
}

/// Why a command line makes no sense.
enum UsageError: Error, Equatable, CustomStringConvertible {
  case noMountPoint
  case tooManyPaths(String)
  case givenTwice(String, String, String)

  var description: String {
    switch self {
    case .noMountPoint: "where to mount? Give a directory"
    case .tooManyPaths(let path): "one source and one mount point are enough: what is `\(path)`?"
    case .givenTwice(let name, let first, let second):
      "--\(name) \(first) and -o \(name)=\(second) contradict each other"
    }
  }
}
