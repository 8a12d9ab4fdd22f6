/// What the `-o` options of a command line ask for, in the vocabulary of mount(8).
///
/// mount(8) and fstab(5) hand a filesystem's program every option that they do not know themselves, together with
/// many that are meant for somebody else (`nofail`, `_netdev`, `x-systemd.automount`). So every option falls into one
/// of four classes: ours (``platform``, ``memory``), the kernel's or libfuse's (passed on), other people's (ignored),
/// and unknown (refused, since a mistyped option that is ignored is a surprise at the worst time).
///
/// ```swift
/// let options = try MountOptions(parsing: ["nofail,ro", "platform=/etc/vcmfs/omap3.yaml"])
/// options.isReadOnly      // true
/// options.passedOn        // ["ro"]
/// ```
struct MountOptions: Equatable, Sendable {
  /// `platform=FILE`: the platform file, as `--platform FILE` gives it.
  var platform: String?

  /// `memory=FILE`: the memory file, as `--memory FILE` gives it.
  var memory: String?

  /// `fsname=TEXT`: the source that /proc/mounts shows.
  var sourceName: String?

  /// `ro`, unless a later `rw` undoes it.
  var isReadOnly = false

  /// `allow_other` or `allow_root`: other users than the one who mounts may use the mount.
  var allowsOthers = false

  /// `default_permissions`: the kernel compares modes and owners before it asks us.
  var checksPermissions = false

  /// `debug`: requests are written to standard error, as with `-d`.
  var isDebugging = false

  /// `sloppy`: unknown options are ignored; mount(8)'s `-s`.
  var isSloppy = false

  /// The options for the kernel and libfuse, in the order given, each once.
  var passedOn: [String] = []

  /// Reads the options of a command line.
  ///
  /// - Parameter texts: the value of each `-o`, in order. Inside a value, commas separate options; `\,` is a comma
  ///   inside an option and `\\` a backslash, as libfuse has it. The last of several wins, as in mount(8).
  /// - Throws: ``OptionError`` for the first option that is unknown or has a wrong value, and for `allow_other`
  ///   without `default_permissions`.
  init(parsing texts: [String] = []) throws(OptionError) {
    let options = texts.flatMap(Self.split)
    isSloppy = options.contains("sloppy")
    for option in options {
      try take(option)
    }
    // The tree decides by the caller's uid only where a file says so; modes and owners are for the kernel to check.
    if allowsOthers && !checksPermissions {
      throw .lacksPermissionCheck
    }
  }

  private mutating func take(_ option: String) throws(OptionError) {
    let name = String(option.prefix { $0 != "=" })
    let value = option.count > name.count ? String(option.dropFirst(name.count + 1)) : nil
    switch OptionKind(name) {
    case .platform: platform = try Self.required(value, of: name)
    case .memory: memory = try Self.required(value, of: name)
    case .sourceName: sourceName = try Self.required(value, of: name)
    case .allowOther: allowsOthers = true
    case .checkPermissions: checksPermissions = true
    case .debug: isDebugging = true
    case .kernelFlag:
      guard value == nil else { throw .valueNotTaken(name) }
      isReadOnly = name == "ro" ? true : name == "rw" ? false : isReadOnly
    case .kernelValue: _ = try Self.required(value, of: name)
    case .others, .sloppy: return
    case .unknown:
      guard isSloppy else { throw .unknown(option) }
      return
    }
    guard OptionKind(name).isPassedOn else { return }
    // "ro" after "rw" is "ro": the later of two opposites stays, and an option given twice stays once.
    passedOn.removeAll { $0 == option || $0 == OptionKind.opposite(of: name) }
    passedOn.append(option)
  }

  private static func required(_ value: String?, of name: String) throws(OptionError) -> String {
    guard let value, !value.isEmpty else { throw .valueMissing(name) }
    return value
  }

  /// Cuts a list of options at its commas.
  ///
  /// Of `a,b\,c` come `a` and `b,c`. Empty pieces (`,,`) are dropped, as mount(8) drops them.
  private static func split(_ text: String) -> [String] {
    var pieces: [String] = []
    var piece = ""
    var isEscaped = false
    // By scalars: a comma with a combining accent behind it still is a comma.
    for scalar in text.unicodeScalars {
      if isEscaped {
        piece.unicodeScalars.append(scalar)
        isEscaped = false
      } else if scalar == "\\" {
        isEscaped = true
      } else if scalar == "," {
        pieces.append(piece)
        piece = ""
      } else {
        piece.unicodeScalars.append(scalar)
      }
    }
    return (pieces + [piece]).filter { !$0.isEmpty }
  }
}

/// Why an `-o` option was refused.
enum OptionError: Error, Equatable, CustomStringConvertible {
  case unknown(String)
  case valueMissing(String)
  case valueNotTaken(String)
  case lacksPermissionCheck

  /// One sentence with the option in it.
  var description: String {
    switch self {
    case .unknown(let option):
      "unknown mount option `\(option)` (see vcmfs --help)"
    case .valueMissing(let name):
      "the mount option `\(name)` needs a value: \(name)=..."
    case .valueNotTaken(let name):
      "the mount option `\(name)` takes no value"
    case .lacksPermissionCheck:
      "allow_other without default_permissions would let every user do everything: "
        + "give -o allow_other,default_permissions"
    }
  }
}
