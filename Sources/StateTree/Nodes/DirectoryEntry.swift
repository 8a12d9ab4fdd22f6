/// An entry of a directory, as ``Tree/readDirectory(_:after:wantsAttributes:caller:_:)`` hands it out.
public struct DirectoryEntry {
  /// The bytes of the name, which lie there only until the entry is taken; `.` and `..` come first.
  public let nameBytes: UnsafeRawBufferPointer
  /// The node.
  public let id: NodeID
  /// Directory, file or link.
  public let kind: NodeAttributes.Kind
  /// What `stat` would show of it, if that was asked for; of `.` and `..` never.
  public let attributes: NodeAttributes?
  /// Where to go on behind this entry.
  ///
  /// Never 0, below 2^63.
  public let cookie: UInt64

  /// The name, copied.
  public var name: String { String(decoding: nameBytes, as: UTF8.self) }
}
