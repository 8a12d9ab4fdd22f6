/// The lasting identity of an object of the graph: unique over all kinds, rising within a kind, never used
/// again.
///
/// An id fits 48 bits: the low three bits say the kind of the object, the others count. Zero is never an id.
public struct ObjectID: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The number: below 2^48, never zero.
  public let rawValue: UInt64

  /// The id with this number, or nil if no object could have it.
  public init?(rawValue: UInt64) {
    guard rawValue >> 3 != 0, rawValue >> 48 == 0, ObjectKind(rawValue: UInt8(rawValue & 7)) != nil else {
      return nil
    }
    self.rawValue = rawValue
  }

  init(kind: ObjectKind, serial: UInt64) {
    rawValue = (serial << 3) | UInt64(kind.rawValue)
  }

  /// The kind of the object.
  public var kind: ObjectKind { ObjectKind(rawValue: UInt8(rawValue & 7)) ?? .region }

  /// The number of the object among all of its kind that ever were: from 1.
  public var serial: UInt64 { rawValue >> 3 }

  /// Whether the first id is the smaller number; within a kind, whether its object is older.
  public static func < (first: ObjectID, second: ObjectID) -> Bool { first.rawValue < second.rawValue }

  /// The kind and the serial number, such as `region#1`.
  public var description: String { "\(kind)#\(serial)" }
}

/// The kinds of objects of the graph.
public enum ObjectKind: UInt8, CaseIterable, Sendable {
  /// A virtual address space that devices see.
  case region = 0
  /// A contiguous range of a region.
  case reservation = 1
  /// A device.
  case device = 2
  /// An edge between a region and a device.
  case association = 3
  /// A list of physical chunks.
  case allocation = 4
  /// A pool of physical memory.
  case memoryType = 5
  /// A sub-range of a region that hands out reservations of its own.
  case bound = 6
}
