/// The number of a node: the inode number that `stat` shows.
///
/// A node of an object is the object's number in the upper 56 bits and the place of its declaration in the object
/// kind's list in the lower 8, so that a node needs no table and no memory until somebody looks at it:
///
/// | bits 63...56 | bits 55...8 | bits 7...0 |
/// |---|---|---|
/// | the space | the object's number in that space | the node's place in the list of its kind |
///
/// Numbers of engine objects (``ObjectID``) are never used twice, so neither are their nodes.
public struct NodeID: RawRepresentable, Hashable, Sendable {
  /// The inode number.
  public let rawValue: UInt64

  /// A node by its inode number.
  ///
  /// Any number is taken; one that stands for nothing is refused when it is used.
  public init(rawValue: UInt64) {
    self.rawValue = rawValue
  }

  /// The top directory: inode 1, as FUSE has it.
  public static let root = NodeID(rawValue: 1)

  /// The spaces of object numbers.
  enum Space: UInt8 {
    /// Objects of the engine by their ids; number 0, which is no id, stands for what exists once: the top directory
    /// and what lies in it.
    case engine = 0
    /// Page-table formats, by their place in the registry.
    case format = 1
    /// Nodes of look-ups by path, by the number that they were given.
    case interned = 2
  }

  init(_ space: Space, object: UInt64, place: UInt8) {
    rawValue = UInt64(space.rawValue) << 56 | (object & 0xFFFF_FFFF_FFFF) << 8 | UInt64(place)
  }

  var space: Space? { Space(rawValue: UInt8(truncatingIfNeeded: rawValue >> 56)) }
  var object: UInt64 { (rawValue >> 8) & 0xFFFF_FFFF_FFFF }
  var place: UInt8 { UInt8(truncatingIfNeeded: rawValue) }

  /// The number without the place: what all nodes of one object share.
  var objectKey: UInt64 { rawValue >> 8 }

  /// Another node of the same object.
  func sibling(_ place: UInt8) -> NodeID { NodeID(rawValue: rawValue & ~0xFF | UInt64(place)) }
}
