import ArgumentParser
import FUSEKit
import Glibc
import PhysicalMemory
import StateTree
import VCM

/// A mount, from the command line to its end.
struct MountCommand {
  let request: MountRequest

  /// Makes a command of a command line.
  ///
  /// - Throws: ``UsageError``, ``OptionError``.
  init(arguments: MountArguments) throws {
    request = try MountRequest(arguments)
  }

  /// Mounts, and returns when the mount has ended.
  ///
  /// In the background, this process's parent exits 0 as soon as the mount answers, or with the reason why it does not.
  ///
  /// - Throws: what is wrong with the platform, before anything is mounted; what a mount in the foreground failed of.
  func run() throws {
    // A mistake in the platform is told before the process goes into the background.
    let platform = try request.platform.map {
      try PlatformFile(path: $0, formats: KnownFormats.names).read()
    }
    guard !request.isForeground else {
      try serve(platform ?? .default) {}
      return
    }
    let daemon = try Daemon.start(name: "vcmfs")
    do {
      try serve(platform ?? .default) { daemon.ready() }
    } catch {
      daemon.fail(MountFailure(error).sentence)
      throw error
    }
  }

  private func serve(_ platform: Platform, onReady: @escaping @Sendable () -> Void) throws {
    let memory = try makeMemory(platform)
    let engine = try Engine(platform: platform, memory: memory)
    let fileSystem = VCMFileSystem(
      tree: Tree(engine: engine, options: treeOptions), wholeMemory: memory.isWholeFile ? memory : nil)
    // The process ends with the mount: a million objects need not be freed one by one first.
    _ = Unmanaged.passRetained(fileSystem)
    let session = try Session(fileSystem, options: sessionOptions(memory))
    try session.run(at: request.mountPoint, onReady: onReady)
  }

  private func makeMemory(_ platform: Platform) throws(PhysicalMemoryError) -> PhysicalMemory {
    guard let path = request.memory else { return try PhysicalMemory(memfdWith: platform.windows) }
    return try PhysicalMemory(file: path, windows: platform.windows)
  }

  private var treeOptions: TreeOptions {
    TreeOptions(
      clock: {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return StateTree.Timestamp(seconds: Int64(time.tv_sec), nanoseconds: UInt32(clamping: time.tv_nsec))
      },
      owner: Caller(userID: getuid(), groupID: getgid()),
      // A buffer that begins within a page loses that much of the pages which one request can carry.
      largestWrite: SessionOptions(name: "").maximumTransfer - 4095,
      version: "vcmfs \(Version.current)")
  }

  private func sessionOptions(_ memory: PhysicalMemory) -> SessionOptions {
    var options = SessionOptions(name: request.sourceName, subtype: "vcmfs")
    options.mount = request.options.mount
    options.isSingleThreaded = request.isSingleThreaded
    options.isDebugging = request.isDebugging
    options.wantsPassthrough = memory.isWholeFile
    // A kept listing is checked by the directory's time, which is exact; see docs/DESIGN.md.
    options.invalidatesExplicitly = false
    return options
  }
}

extension PhysicalMemory {
  /// Whether offsets in the file are physical addresses.
  fileprivate var isWholeFile: Bool { windows.allSatisfy { $0.base == $0.fileOffset } }
}

/// Why a mount failed, whichever layer says so.
struct MountFailure: Complaint {
  let sentence: String

  init(_ error: any Error) {
    sentence =
      switch error {
      case let error as VCMError: error.sentence
      case let error as any Complaint: error.sentence
      default: "\(error)"
      }
  }

  var exitStatus: Int32 { ExitStatus.failure }
}
