internal import VCM

/// One node of the tree, declared: everything that is to be known of a file stands here, in one place.
///
/// Directories list such values (``Catalogue``); `help` and docs/FILES.md come from them. To add a file, add a value to
/// the list of its directory.
struct NodeDeclaration: Sendable {
  /// The name; of a node that is named after an object, what stands for it in the documentation, such as `<vcm>`.
  let name: String
  /// The permission bits.
  let permissions: UInt16
  /// What its content and its attributes come from.
  let facets: Facets
  /// One sentence for people, without a full stop.
  let help: String
  /// A line for a shell that uses it; empty if it is only read.
  let example: String
  /// What it is and does.
  let behaviour: Behaviour

  /// What a node is and does.
  enum Behaviour: Sendable {
    /// A directory with these nodes in it, and with others that exist as objects do.
    case directory([NodeDeclaration], members: (any MemberList)?)
    /// A file whose content is a short text.
    case text(TextBehaviour)
    /// A file whose content is a text made of much of the graph.
    case view(ViewBehaviour)
    /// A file whose content is long and made where it is read.
    case dump(DumpBehaviour)
    /// A file whose bytes are memory.
    case memory(MemoryBehaviour)
    /// A file that is opened in a way of its own.
    case special(SpecialBehaviour)
    /// A symbolic link.
    case link(LinkBehaviour)
  }

  /// Directory, file or link.
  var kind: NodeAttributes.Kind {
    switch behaviour {
    case .directory: .directory
    case .text, .view, .dump, .memory, .special: .file
    case .link: .symbolicLink
    }
  }
}

/// A file whose content is a short text, and perhaps takes one.
struct TextBehaviour: Sendable {
  /// The content for this caller, each line ended by a newline.
  let render: @Sendable (Subject, TreeState, Caller) throws(VCMError) -> String
  /// Takes the lines of one write, all or none, and answers what a reader of the same open file gets; nil for
  /// the file's new content.
  ///
  /// Nil of a file that takes nothing.
  let take: (@Sendable (Subject, [Substring], TreeState) throws(VCMError) -> String?)?
  /// Whether content and length change only by what the engine reports, and are the same for everybody.
  var mayBeCached = true
  /// Whether the content stays as it is as long as its object exists: the kernel may then keep the bytes themselves.
  ///
  /// Not of what may change its length: the kernel asks for length and bytes by two requests, and between them a value
  /// would be cut off at the old length.
  var isConstant = false
}

/// A file whose content is a text made of much of the graph.
struct ViewBehaviour: Sendable {
  /// Takes down what the text is made of as it is now, quickly: the tree is locked.
  let capture: @Sendable (Subject, TreeState) throws(VCMError) -> any ViewCapture
}

/// A file whose content is long and made where it is read.
struct DumpBehaviour: Sendable {
  /// The length of the content, without making it.
  let length: @Sendable (Subject, TreeState) throws(VCMError) -> UInt64
  /// The content as it is now.
  let open: @Sendable (Subject, TreeState) throws(VCMError) -> any DumpContent
}

/// The content of a file at one moment.
///
/// It is immutable and may be read on any thread.
protocol DumpContent: Sendable {
  /// The number of bytes.
  var length: UInt64 { get }
  /// Writes the content from `offset` on into `buffer`: all of the buffer, or what is left; returns how much.
  func read(at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer) -> Int
  /// Whether the content is there as bytes and need not be made.
  var liesInMemory: Bool { get }
  /// Calls `body` with the content from `offset` on, as much as `room` is long: where it lies, else written into `room`.
  func withBytes(
    at offset: UInt64, room: UnsafeMutableRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Void)
}

extension DumpContent {
  var liesInMemory: Bool { false }

  func withBytes(
    at offset: UInt64, room: UnsafeMutableRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Void
  ) {
    body(UnsafeRawBufferPointer(rebasing: room.prefix(read(at: offset, into: room))))
  }
}

/// A file whose bytes are memory.
struct MemoryBehaviour: Sendable {
  /// The number of bytes in the file.
  let length: @Sendable (Subject, TreeState) -> UInt64
  /// The bytes of memory in use behind it, for `du`.
  let allocated: @Sendable (Subject, TreeState) -> UInt64
  /// Calls its last argument with the pieces of a range below the length, in order, until that returns false.
  let forEachPiece: @Sendable (Subject, TreeState, Range<UInt64>, (FilePiece) -> Bool) -> Void
  /// Notes that something was written.
  let wasWritten: @Sendable (Subject, TreeState) -> Void
  /// Whether its attributes change only by what the engine reports.
  var mayBeCached = true
}

/// A piece of a file of memory.
struct FilePiece {
  /// The physical address of the first byte; nil where the file has no memory.
  let physicalAddress: UInt64?
  /// The number of bytes for which this holds; not zero.
  let length: UInt64
}

/// A symbolic link.
struct LinkBehaviour: Sendable {
  /// What the link leads to, nil while there is no link; and the object on whose name that depends.
  let target: @Sendable (Subject, TreeState) -> LinkTarget?
  /// Makes the link, of those that may be made by name.
  var make: (@Sendable (Subject, String, TreeState) throws(VCMError) -> Void)?
  /// Refuses a link of another name beside this one.
  ///
  /// It fails with what making this one would say, or with the right name; of targets that this one could not have it says
  /// nothing.
  var refuse: (@Sendable (Subject, String, String, TreeState) throws(VCMError) -> Void)?
  /// Whether the kernel may keep where it leads.
  var mayBeCached = true
  /// Takes it away.
  let remove: @Sendable (Subject, TreeState) throws(VCMError) -> Void
}

/// A file that is opened in a way of its own.
struct SpecialBehaviour: Sendable {
  /// Its length; 0 of a stream.
  let length: @Sendable (Subject, TreeState) -> UInt64
  /// Opens it.
  let open: @Sendable (Subject, Opening) throws(VCMError) -> OpenFile
}

/// An opening of a file.
struct Opening {
  let tree: Tree
  let node: NodeID
  let state: TreeState
  let options: OpenOptions
  let caller: Caller
}

/// Where a link leads.
struct LinkTarget {
  /// The path of the directory that the last part lies in, with a slash at its end.
  let directory: StaticString
  /// What stands behind it: a name, or a path.
  let rest: String
  /// The object beside the link's own on whose name the path depends, if the link is not touched anyway when that is renamed.
  let named: ObjectID?

  /// The target of `directory` and what stands behind it.
  init(in directory: StaticString, _ rest: String, named: ObjectID? = nil) {
    self.directory = directory
    self.rest = rest
    self.named = named
  }

  /// The canonical relative path.
  var path: String { directory.description + rest }

  /// The number of bytes of the path, which is not made for it.
  var length: Int { directory.utf8CodeUnitCount + rest.utf8.count }
}
