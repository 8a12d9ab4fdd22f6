/// The options of mount(8) that concern a FUSE mount.
public struct MountOptions: Hashable, Sendable {
  /// ro.
  public var isReadOnly = false
  /// exec; off: noexec.
  public var allowsExecution = true
  /// suid; off (the default, as everywhere with FUSE): nosuid.
  public var allowsSetUserID = false
  /// dev; off (the default): nodev.
  public var allowsDevices = false
  /// sync.
  public var isSynchronous = false
  /// dirsync.
  public var hasSynchronousDirectories = false
  /// noatime.
  public var ignoresAccessTimes = false
  /// nodiratime.
  public var ignoresDirectoryAccessTimes = false
  /// allow_other: users other than the one who mounts may look inside.
  public var allowsOthers = false
  /// default_permissions: the kernel checks owner, group and mode.
  public var checksPermissions = false
  /// auto_unmount: fusermount3 waits for the end of the process, however it ends, and unmounts.
  public var unmountsAutomatically = false

  /// The defaults: read-write, nosuid, nodev.
  public init() {}
}
