internal import CFuse
internal import Synchronization

extension Connection {
  /// libfuse's init callback: chooses the capabilities one by one, and tells the filesystem.
  func negotiate(_ parameters: UnsafeMutablePointer<fuse_conn_info>) {
    let offered = parameters.pointee.capable
    let wanted = wantedCapabilities & offered
    parameters.pointee.want = wanted
    let size = UInt32(clamping: options.transferSize)
    parameters.pointee.max_read = size
    parameters.pointee.max_write = min(parameters.pointee.max_write, size)
    parameters.pointee.max_background = UInt32(clamping: max(options.maximumBackground, 1))
    parameters.pointee.congestion_threshold = 0
    guard let fileSystem, let notifier else { return }
    let handshake = handshake.withLock { $0 }
    fileSystem.initialize(
      ConnectionInfo(
        protocolVersion: handshake.version,
        passthrough: handshake.added & Handshake.passthrough != 0,
        directIOMemoryMapping: handshake.added & Handshake.directIOMemoryMapping != 0,
        directoriesWithAttributes: wanted & Self.bits(FUSE_CAP_READDIRPLUS) != 0,
        cachesLinkTargets: wanted & Self.bits(FUSE_CAP_CACHE_SYMLINKS) != 0,
        atomicTruncation: wanted & Self.bits(FUSE_CAP_ATOMIC_O_TRUNC) != 0,
        directoriesNeedNoOpening: offered & Self.bits(FUSE_CAP_NO_OPENDIR_SUPPORT) != 0,
        maximumTransfer: Int(parameters.pointee.max_write),
        notifier: notifier,
        connection: self))
  }

  /// The reasons stand at ``SessionOptions``.
  private var wantedCapabilities: UInt32 {
    var wanted = Self.bits(FUSE_CAP_ASYNC_READ) | Self.bits(FUSE_CAP_ASYNC_DIO)
    wanted |= Self.bits(FUSE_CAP_PARALLEL_DIROPS) | Self.bits(FUSE_CAP_HANDLE_KILLPRIV)
    wanted |= Self.bits(FUSE_CAP_EXPIRE_ONLY)
    if options.atomicTruncation { wanted |= Self.bits(FUSE_CAP_ATOMIC_O_TRUNC) }
    if options.cachesLinkTargets { wanted |= Self.bits(FUSE_CAP_CACHE_SYMLINKS) }
    // The automatic one would win where both are set.
    wanted |= Self.bits(
      options.invalidatesExplicitly ? FUSE_CAP_EXPLICIT_INVAL_DATA : FUSE_CAP_AUTO_INVAL_DATA)
    switch options.directoryAttributes {
    case .never: break
    case .automatic: wanted |= Self.bits(FUSE_CAP_READDIRPLUS) | Self.bits(FUSE_CAP_READDIRPLUS_AUTO)
    case .always: wanted |= Self.bits(FUSE_CAP_READDIRPLUS)
    }
    return wanted
  }

  /// FUSE_CAP_ is Int32 or UInt, by libfuse's version.
  private static func bits(_ capability: some BinaryInteger) -> UInt32 {
    UInt32(truncatingIfNeeded: capability)
  }
}
