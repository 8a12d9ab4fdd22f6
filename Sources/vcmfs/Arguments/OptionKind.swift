/// Whose a mount option is.
enum OptionKind: Equatable {
  case platform, memory, sourceName, allowOther, checkPermissions, debug, sloppy
  /// A flag that the kernel or fusermount3 understands, such as `nosuid`.
  case kernelFlag
  /// An option with a value that the kernel understands, such as an SELinux context.
  case kernelValue
  /// An option that mount(8), systemd or nobody in particular reads.
  case others
  case unknown

  init(_ name: String) {
    if let own = Self.own[name] {
      self = own
    } else if Self.kernelFlags.contains(name) {
      self = .kernelFlag
    } else if Self.kernelValues.contains(name) {
      self = .kernelValue
    } else if Self.otherNames.contains(name) || name.hasPrefix("x-") || name.hasPrefix("X-") {
      self = .others
    } else {
      self = .unknown
    }
  }

  /// Whether libfuse is to see the option.
  var isPassedOn: Bool {
    switch self {
    case .kernelFlag, .kernelValue, .allowOther, .checkPermissions: true
    default: false
    }
  }

  private static let own: [String: OptionKind] = [
    "platform": .platform, "memory": .memory, "fsname": .sourceName, "debug": .debug, "sloppy": .sloppy,
    "allow_other": .allowOther, "allow_root": .allowOther, "default_permissions": .checkPermissions,
  ]

  /// Per-mount flags of mount(2) that libfuse translates (mount(8), "FILESYSTEM-INDEPENDENT MOUNT OPTIONS").
  private static let kernelFlags: Set<String> = [
    "ro", "rw", "suid", "nosuid", "dev", "nodev", "exec", "noexec", "async", "sync", "dirsync", "noatime",
    "auto_unmount",
  ]

  private static let kernelValues: Set<String> = [
    "context", "fscontext", "defcontext", "rootcontext", "max_read",
  ]

  /// Options that say when and by whom a mount is made, and those about access times, which nothing here has.
  private static let otherNames: Set<String> = [
    "defaults", "auto", "noauto", "nofail", "_netdev", "user", "nouser", "users", "owner", "group", "comment",
    "helper", "uhelper", "subtype", "atime", "diratime", "nodiratime", "relatime", "norelatime",
    "strictatime",
    "nostrictatime", "lazytime", "nolazytime", "iversion", "noiversion", "mand", "nomand", "silent", "loud",
  ]

  /// The option that undoes this one, if there is one.
  static func opposite(of name: String) -> String? {
    switch name {
    case "ro": "rw"
    case "rw": "ro"
    case "sync": "async"
    case "async": "sync"
    case let name where name.hasPrefix("no"): String(name.dropFirst(2))
    default: "no" + name
    }
  }
}
