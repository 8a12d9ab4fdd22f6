internal import CFuse

/// FUSE filesystems in Swift, on libfuse3's low-level API.
///
/// - ``FileSystem`` is what a filesystem implements; ``Reply`` and ``KeptReply`` say how it answers.
/// - ``Session`` mounts and serves it; ``SessionOptions`` and ``MountOptions`` say how; ``Daemon`` does so in
///   the background.
/// - ``Notifier`` takes out of the kernel's caches what changed without being asked; its documentation has
///   the rules.
/// - ``BackingFile`` lets the kernel read, write and map another file in place of one of the filesystem's.
public enum FUSELibrary {
  /// The version of the libfuse that runs, as `3.14.0`.
  public static var version: String {
    guard let version = fuse_pkgversion() else { return "unknown" }
    return String(cString: version)
  }
}
