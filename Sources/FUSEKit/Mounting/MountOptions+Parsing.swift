extension MountOptions {
  /// What became of one option.
  public enum Outcome: Hashable, Sendable {
    /// It is one of a FUSE mount's, and taken.
    case taken
    /// It speaks to mount(8), systemd or others, not to a filesystem, and is to be left alone.
    case ignored
    /// It is none of those: the filesystem's own, or a mistake.
    case unknown
  }

  /// Takes one option as it stands between the commas of `-o` or fstab, such as `ro`.
  ///
  /// O(1).
  public mutating func apply(_ option: some StringProtocol) -> Outcome {
    if let field = Self.fields[String(option)] {
      self[keyPath: field.path] = field.value
      return .taken
    }
    return Self.isForOthers(option) ? .ignored : .unknown
  }

  // A key path of a value type holds no state; the type is only not marked Sendable.
  nonisolated(unsafe) private static let fields:
    [String: (path: WritableKeyPath<MountOptions, Bool>, value: Bool)] = [
      "ro": (\.isReadOnly, true), "rw": (\.isReadOnly, false),
      "exec": (\.allowsExecution, true), "noexec": (\.allowsExecution, false),
      "suid": (\.allowsSetUserID, true), "nosuid": (\.allowsSetUserID, false),
      "dev": (\.allowsDevices, true), "nodev": (\.allowsDevices, false),
      "sync": (\.isSynchronous, true), "async": (\.isSynchronous, false),
      "dirsync": (\.hasSynchronousDirectories, true),
      "atime": (\.ignoresAccessTimes, false), "noatime": (\.ignoresAccessTimes, true),
      "diratime": (\.ignoresDirectoryAccessTimes, false), "nodiratime": (\.ignoresDirectoryAccessTimes, true),
      "allow_other": (\.allowsOthers, true),
      "default_permissions": (\.checksPermissions, true),
      "auto_unmount": (\.unmountsAutomatically, true),
    ]

  /// mount(8), "Filesystem-independent mount options", and systemd.mount(5).
  private static let othersOptions: Set<String> = [
    "defaults", "auto", "noauto", "user", "nouser", "users", "owner", "group", "_netdev", "nofail",
    "relatime",
    "norelatime", "strictatime", "nostrictatime", "lazytime", "nolazytime", "iversion", "noiversion", "mand",
    "nomand", "silent", "loud", "remount",
  ]

  private static func isForOthers(_ option: some StringProtocol) -> Bool {
    let name = option.prefix { $0 != "=" }
    return name.hasPrefix("x-") || name.hasPrefix("X-") || name == "comment" || name == "user"
      || othersOptions.contains(String(option))
  }
}
