internal import VCM

/// Makes the declarations of one kind of object, so that what they do is written for that kind.
///
/// ```swift
/// Declare<Region>.value("start", shows: .values, help: "the first device address", example: "echo 0x1000 > start") {
///   region, _ in Print.address(region.start)
/// } take: { region, text, state throws(VCMError) in
///   try state.engine.setStart(of: region, to: Number.size(text, as: "start"))
/// }
/// ```
enum Declare<Object: TreeObject> {
  /// A line that is only read.
  static func line(
    _ name: String, shows facets: Facets, help: String, isConstant: Bool = false,
    _ render: @escaping @Sendable (Object, TreeState) throws(VCMError) -> String
  ) -> NodeDeclaration {
    text(name, shows: facets, help: help, isConstant: isConstant) { object, state throws(VCMError) in
      try render(object, state) + "\n"
    }
  }

  /// A text that is only read.
  ///
  /// An empty one is an empty file.
  static func text(
    _ name: String, shows facets: Facets, help: String, permissions: UInt16 = 0o444, isConstant: Bool = false,
    _ render: @escaping @Sendable (Object, TreeState) throws(VCMError) -> String
  ) -> NodeDeclaration {
    NodeDeclaration(
      name: name, permissions: permissions, facets: facets, help: help, example: "",
      behaviour: .text(
        TextBehaviour(
          render: { subject, state, _ throws(VCMError) in try render(Object.of(subject), state) }, take: nil,
          isConstant: isConstant))
    )
  }

  /// A text that is only read, and of which nothing may be kept.
  static func volatile(
    _ name: String, help: String, _ render: @escaping @Sendable (Object, TreeState) throws(VCMError) -> String
  ) -> NodeDeclaration {
    NodeDeclaration(
      name: name, permissions: 0o444, facets: [], help: help, example: "",
      behaviour: .text(
        TextBehaviour(
          render: { subject, state, _ throws(VCMError) in try render(Object.of(subject), state) }, take: nil,
          mayBeCached: false)))
  }

  /// A text made of much of the graph: taken down with the tree locked, put into words without.
  static func view(
    _ name: String, help: String,
    _ capture: @escaping @Sendable (Object, TreeState) throws(VCMError) -> any ViewCapture
  ) -> NodeDeclaration {
    NodeDeclaration(
      name: name, permissions: 0o444, facets: [], help: help, example: "",
      behaviour: .view(
        ViewBehaviour(capture: { subject, state throws(VCMError) in try capture(Object.of(subject), state) }))
    )
  }

  /// A value on a line of its own that is read and written.
  ///
  /// What is read may be written again.
  ///
  /// Several lines in one write are several values, one after the other; if one fails, the value from before is put
  /// back.
  static func value(
    _ name: String, shows facets: Facets, help: String, example: String,
    _ render: @escaping @Sendable (Object, TreeState) throws(VCMError) -> String,
    take: @escaping @Sendable (Object, Substring, TreeState) throws(VCMError) -> Void
  ) -> NodeDeclaration {
    NodeDeclaration(
      name: name, permissions: 0o644, facets: facets, help: help, example: example,
      behaviour: .text(
        TextBehaviour(
          render: { subject, state, _ throws(VCMError) in try render(Object.of(subject), state) + "\n" },
          take: { subject, lines, state throws(VCMError) in
            let object = try Object.of(subject)
            try ValueLines.take(lines, of: name) { () throws(VCMError) in
              try render(object, state)
            } _: { text throws(VCMError) in
              try take(object, text, state)
            }
            return nil
          })))
  }

  /// A word that is written to make something happen, and reads as an empty file.
  static func trigger(
    _ name: String, help: String, example: String,
    take: @escaping @Sendable (Object, Substring, TreeState) throws(VCMError) -> Void
  ) -> NodeDeclaration {
    NodeDeclaration(
      name: name, permissions: 0o200, facets: [], help: help, example: example,
      behaviour: .text(
        TextBehaviour(
          render: { _, _, _ in "" },
          take: { subject, lines, state throws(VCMError) in
            let object = try Object.of(subject)
            try ValueLines.take(lines, of: name, before: { nil }) { text throws(VCMError) in
              try take(object, text, state)
            }
            return ""
          })))
  }

  /// A file of requests: a line asks for an object, one write for all of its lines or none.
  static func requests(
    _ name: String, help: String, example: String, grammar: String,
    take: @escaping @Sendable (Object, [RequestLine], TreeState) throws(VCMError) -> [String]
  ) -> NodeDeclaration {
    NodeDeclaration(
      name: name, permissions: 0o644, facets: [], help: help, example: example,
      behaviour: .text(
        TextBehaviour(
          render: { _, _, _ in grammar },
          take: { subject, lines, state throws(VCMError) in
            let object = try Object.of(subject)
            var requests: [RequestLine] = []
            for line in lines {
              if let request = try RequestLine(line) { requests.append(request) }
            }
            guard !requests.isEmpty else { return "" }
            var answer = ""
            for name in try take(object, requests, state) {
              answer += name
              answer += "\n"
            }
            return answer
          })))
  }

  /// A long text or table that is made where it is read.
  static func dump(
    _ name: String, shows facets: Facets, help: String,
    length: @escaping @Sendable (Object, TreeState) throws(VCMError) -> UInt64,
    open: @escaping @Sendable (Object, TreeState) throws(VCMError) -> any DumpContent
  ) -> NodeDeclaration {
    NodeDeclaration(
      name: name, permissions: 0o444, facets: facets, help: help, example: "",
      behaviour: .dump(
        DumpBehaviour(
          length: { subject, state throws(VCMError) in try length(Object.of(subject), state) },
          open: { subject, state throws(VCMError) in try open(Object.of(subject), state) })))
  }

  /// A directory.
  static func directory(
    _ name: String, shows facets: Facets, help: String, example: String = "",
    members: (any MemberList)? = nil, _ nodes: [NodeDeclaration] = []
  ) -> NodeDeclaration {
    NodeDeclaration(
      name: name, permissions: 0o755, facets: facets.union(.hiding), help: help, example: example,
      behaviour: .directory(nodes, members: members))
  }

  /// A symbolic link.
  static func link(
    _ name: String, shows facets: Facets, help: String, example: String = "", mayBeCached: Bool = true,
    target: @escaping @Sendable (Object, TreeState) -> LinkTarget?,
    make: (@Sendable (Object, String, TreeState) throws(VCMError) -> Void)? = nil,
    refuse: (@Sendable (Object, String, String, TreeState) throws(VCMError) -> Void)? = nil,
    remove: @escaping @Sendable (Object, TreeState) throws(VCMError) -> Void
  ) -> NodeDeclaration {
    var makeLink: (@Sendable (Subject, String, TreeState) throws(VCMError) -> Void)?
    if let make {
      makeLink = { subject, target, state throws(VCMError) in try make(Object.of(subject), target, state) }
    }
    var refuseLink: (@Sendable (Subject, String, String, TreeState) throws(VCMError) -> Void)?
    if let refuse {
      refuseLink = { subject, name, target, state throws(VCMError) in
        try refuse(Object.of(subject), name, target, state)
      }
    }
    return NodeDeclaration(
      name: name, permissions: 0o777, facets: facets, help: help, example: example,
      behaviour: .link(
        LinkBehaviour(
          target: { subject, state in Object.from(subject).flatMap { target($0, state) } }, make: makeLink,
          refuse: refuseLink, mayBeCached: mayBeCached,
          remove: { subject, state throws(VCMError) in try remove(Object.of(subject), state) })))
  }

  /// A file whose bytes are memory.
  static func memory(
    _ name: String, permissions: UInt16, shows facets: Facets, help: String, example: String,
    mayBeCached: Bool = true,
    length: @escaping @Sendable (Object, TreeState) -> UInt64,
    allocated: @escaping @Sendable (Object, TreeState) -> UInt64,
    forEachPiece: @escaping @Sendable (Object, TreeState, Range<UInt64>, (FilePiece) -> Bool) -> Void,
    wasWritten: @escaping @Sendable (Object, TreeState) -> Void
  ) -> NodeDeclaration {
    NodeDeclaration(
      name: name, permissions: permissions, facets: facets, help: help, example: example,
      behaviour: .memory(
        MemoryBehaviour(
          length: { subject, state in Object.from(subject).map { length($0, state) } ?? 0 },
          allocated: { subject, state in Object.from(subject).map { allocated($0, state) } ?? 0 },
          forEachPiece: { subject, state, range, body in
            if let object = Object.from(subject) { forEachPiece(object, state, range, body) }
          },
          wasWritten: { subject, state in
            if let object = Object.from(subject) { wasWritten(object, state) }
          },
          mayBeCached: mayBeCached)))
  }

  /// A file that is opened in a way of its own.
  static func special(
    _ name: String, permissions: UInt16, shows facets: Facets = [], help: String, example: String,
    length: @escaping @Sendable (Object, TreeState) -> UInt64 = { _, _ in 0 },
    open: @escaping @Sendable (Object, Opening) throws(VCMError) -> OpenFile
  ) -> NodeDeclaration {
    NodeDeclaration(
      name: name, permissions: permissions, facets: facets, help: help, example: example,
      behaviour: .special(
        SpecialBehaviour(
          length: { subject, state in Object.from(subject).map { length($0, state) } ?? 0 },
          open: { subject, opening throws(VCMError) in try open(Object.of(subject), opening) })))
  }

  /// The last failure about the object.
  static var lastError: NodeDeclaration {
    NodeDeclaration(
      name: "last_error", permissions: 0o444, facets: .failure,
      help: "the last failure about this object, in words; empty before any", example: "",
      behaviour: .text(
        TextBehaviour(
          render: { subject, state, _ in state.failures.text(about: subject.key) }, take: nil)))
  }
}
