internal import VCM

private typealias Node = Declare<Bound>

extension Bound {
  /// `vcms/<vcm>/bounds/<bound>`.
  static let declarations = [
    Node.directory(
      "<bound>", shows: .values,
      help: "a part of the region: vcm_create_bound once it has a length; rmdir is vcm_free_bound",
      example: "mkdir vcms/out/bounds/video; echo 32M > vcms/out/bounds/video/len",
      [
        Node.text(
          "start", shows: .values, help: "the first device address; empty while the bound has no length"
        ) {
          bound, _ in
          bound.start.map { Print.address($0) + "\n" } ?? ""
        },
        Node.value(
          "len", shows: .values,
          help: "the length in bytes, which takes a free range of the region; 0 gives it back",
          example: "echo 32M > len"
        ) { bound, _ in
          Print.length(bound.length)
        } take: { bound, text, state throws(VCMError) in
          try state.engine.setLength(Number.size(text, as: "len"), of: bound)
        },
        Node.line("free", shows: .space, help: "the bytes that are not reserved") { bound, _ in
          Print.length(bound.freeBytes)
        },
        Node.line("largest_free", shows: .space, help: "the longest range that can be reserved") { bound, _ in
          Print.length(bound.largestFree)
        },
        reserveFile,
        Node.lastError,
      ])
  ]

  private static let reserveFile = Node.requests(
    "reserve",
    help: "makes reservations inside the bound (vcm_reserve_from_bound), as the region's reserve does",
    example: "echo 64K > vcms/out/bounds/video/reserve", grammar: ReservationGrammar.help
  ) { bound, lines, state throws(VCMError) in
    let (requests, failure) = RequestLine.read(lines) { line throws(VCMError) in
      var request = try ReservationGrammar.request(line)
      guard request.bound == nil || request.bound == bound.name else {
        throw .invalid("bound=\(request.bound ?? "") is another bound than this")
      }
      request.bound = bound.name
      return request
    }
    return try state.engine.reserve(requests, in: bound.region, before: failure).map(\.name)
  }
}
