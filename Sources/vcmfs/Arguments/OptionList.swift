import FUSEKit

/// What the `-o` options of a command line ask for, in the vocabulary of mount(8).
///
/// mount(8) and fstab(5) hand a filesystem's program every option that they do not know themselves, together with
/// many that are meant for somebody else (`nofail`, `_netdev`, `x-systemd.automount`). So every option falls into one
/// of four classes: ours (`platform`, `memory`), the mount's (``mount``), other people's (ignored), and unknown
/// (refused, since a mistyped option that is ignored is a surprise at the worst time).
///
/// ```swift
/// let options = try OptionList(parsing: ["nofail,ro", "platform=/etc/vcmfs/omap3.yaml"])
/// options.mount.isReadOnly      // true
/// ```
struct OptionList: Equatable, Sendable {
  /// `platform=FILE`: the platform file, as `--platform FILE` gives it.
  var platform: String?

  /// `memory=FILE`: the memory file, as `--memory FILE` gives it.
  var memory: String?

  /// `fsname=TEXT`: the source that /proc/mounts shows.
  var sourceName: String?

  /// `debug`: requests are written to standard error, as with `-d`.
  var isDebugging = false

  /// The options of the mount itself: `ro`, `nosuid`, `allow_other` ...
  var mount = MountOptions()

  /// Reads the options of a command line.
  ///
  /// - Parameter texts: the value of each `-o`, in order. Inside a value, commas separate options; `\,` is a comma
  ///   inside an option and `\\` a backslash, as libfuse has it. The last of several wins, as in mount(8). With
  ///   `sloppy` anywhere (mount(8)'s `-s`), unknown options are ignored.
  /// - Throws: ``OptionError`` for the first option that is unknown or has a wrong value, and for `allow_other`
  ///   without `default_permissions`.
  init(parsing texts: [String] = []) throws(OptionError) {
    let options = texts.flatMap(Self.split)
    let isSloppy = options.contains("sloppy")
    for option in options where option != "sloppy" {
      if try !take(option) && !isSloppy { throw .unknown(option) }
    }
    // The tree decides by the caller's uid only where a file says so; modes and owners are for the kernel to check.
    if mount.allowsOthers && !mount.checksPermissions { throw .lacksPermissionCheck }
  }

  /// Takes one option; false if it is unknown.
  private mutating func take(_ option: String) throws(OptionError) -> Bool {
    let name = String(option.prefix { $0 != "=" })
    let value = option.utf8.count > name.utf8.count ? String(option.dropFirst(name.count + 1)) : nil
    switch name {
    case "platform": platform = try Self.required(value, of: name)
    case "memory": memory = try Self.required(value, of: name)
    case "fsname": sourceName = try Self.required(value, of: name)
    case "debug": isDebugging = true
    // Every new mount has a state of its own: there is nothing that could be mounted again.
    case "remount": throw .remount
    // mount(8) tells its helpers; we know.
    case "subtype", "helper", "uhelper": break
    default: return mount.apply(option) != .unknown
    }
    return true
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
  case remount
  case lacksPermissionCheck

  /// One sentence with the option in it.
  var description: String {
    switch self {
    case .unknown(let option):
      "unknown mount option `\(option)` (see vcmfs --help)"
    case .valueMissing(let name):
      "the mount option `\(name)` needs a value: \(name)=..."
    case .remount:
      "`remount` is not possible: unmount, and mount anew"
    case .lacksPermissionCheck:
      "allow_other without default_permissions would let every user do everything: "
        + "give -o allow_other,default_permissions"
    }
  }
}
