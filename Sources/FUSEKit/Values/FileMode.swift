internal import Glibc

/// What a file is.
public enum FileKind: UInt32, Hashable, Sendable, CaseIterable {
  /// A named pipe.
  case fifo = 1
  /// A character device.
  case characterDevice = 2
  /// A directory.
  case directory = 4
  /// A block device.
  case blockDevice = 6
  /// A regular file.
  case regular = 8
  /// A symbolic link.
  case symbolicLink = 10
  /// A socket.
  case socket = 12
}

/// What a file is and who may do what with it: `st_mode`.
public struct FileMode: Hashable, Sendable {
  /// What the file is.
  public var kind: FileKind
  /// The permission bits, 0...0o7777; higher bits are ignored.
  public var permissions: UInt16

  /// A mode of its two parts.
  public init(_ kind: FileKind, _ permissions: UInt16) {
    self.kind = kind
    self.permissions = permissions
  }

  /// The mode that `st_mode` holds; a kind that doesn't exist is taken for a regular file.
  init(rawMode: UInt32) {
    kind = FileKind(rawValue: (rawMode >> 12) & 0xF) ?? .regular
    permissions = UInt16(truncatingIfNeeded: rawMode & 0o7777)
  }

  /// `st_mode`.
  public var rawMode: UInt32 { kind.rawValue << 12 | UInt32(permissions & 0o7777) }
}
