internal import VCM

/// The nodes of a directory that exist because objects do: the regions in `vcms`, the links in `devices/<dev>/vcms`.
///
/// Keys order the members of one directory and are what its cookies are made of: rising, below 2^56, and still good for
/// going on when their member is gone. A list has nothing of its own; it is an object, so that it is handed around by a pointer.
protocol MemberList: AnyObject, Sendable {
  /// How each member is declared, for the documentation.
  var declaration: NodeDeclaration { get }
  /// The member with this name. O(log n).
  func find(_ name: String, in subject: Subject, _ state: TreeState) -> NodeID?
  /// Calls `body` with the members whose key is above `key`, in order, until it returns false.
  ///
  /// O(log n), and a step for each member, for which nothing is allocated where there can be many.
  func forEach(
    in subject: Subject, after key: UInt64, _ state: TreeState, _ body: (MemberEntry) -> Bool)
  /// Whether the members are directories, not links.
  var areDirectories: Bool { get }
  /// The number of members. O(1).
  func count(in subject: Subject, _ state: TreeState) -> UInt64
  /// Makes a member by `mkdir`.
  func makeDirectory(_ name: String, in subject: Subject, _ state: TreeState) throws(VCMError) -> NodeID
  /// Makes a member by `ln -s`.
  func makeLink(
    _ name: String, to target: String, in subject: Subject, _ state: TreeState
  ) throws(VCMError) -> NodeID
  /// Takes a member away by `rmdir`.
  func removeDirectory(_ member: Subject, _ state: TreeState) throws(VCMError)
  /// Gives a member another name.
  func rename(_ member: Subject, to name: String, _ state: TreeState) throws(VCMError)
}

/// A member of a directory.
struct MemberEntry {
  /// The bytes of its name, which lie there only until it is taken.
  let name: UnsafeRawBufferPointer
  let subject: Subject
  let id: NodeID
  let key: UInt64

  /// A node of an object; without a key, the key is the object's number.
  init(_ name: UnsafeRawBufferPointer, _ subject: Subject, _ place: UInt8 = Place.object, key: UInt64? = nil)
  {
    self.name = name
    self.subject = subject
    id = subject.node(place)
    self.key = key ?? id.object
  }
}

extension MemberList {
  /// The number of members that are directories.
  func directoryCount(in subject: Subject, _ state: TreeState) -> UInt64 {
    areDirectories ? count(in: subject, state) : 0
  }

  func makeDirectory(_ name: String, in subject: Subject, _ state: TreeState) throws(VCMError) -> NodeID {
    throw .forbidden("no directory can be made here")
  }

  func makeLink(
    _ name: String, to target: String, in subject: Subject, _ state: TreeState
  ) throws(VCMError) -> NodeID {
    throw .forbidden("no symbolic link can be made here")
  }

  func removeDirectory(_ member: Subject, _ state: TreeState) throws(VCMError) {
    throw .forbidden("\(member.title) comes with the platform and cannot be removed")
  }

  func rename(_ member: Subject, to name: String, _ state: TreeState) throws(VCMError) {
    throw .forbidden("\(member.title) cannot be renamed")
  }
}

extension String {
  /// Calls `body` with the name's bytes, which lie there until it returns.
  func withNameBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    var name = self
    return name.withUTF8 { body(UnsafeRawBufferPointer($0)) }
  }
}
