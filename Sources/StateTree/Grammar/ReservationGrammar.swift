internal import VCM

/// The lines of `reserve`.
enum ReservationGrammar {
  static let vocabulary = RequestVocabulary(
    keys: [("align", "SIZE"), ("at", "ADDRESS"), ("bound", "NAME"), ("name", "NAME")]
      + AttributeWords.vocabulary.keys,
    flags: AttributeWords.vocabulary.flags)

  /// What a fresh open of the file reads.
  static let help = """
    # One reservation a line: SIZE [key=value | flag ...]; one write is all of its lines or none.
    # SIZE: decimal or 0x hex, K M G T. Then any of:
    #   align=SIZE at=ADDRESS bound=NAME name=NAME
    #   prot=rwx cache=none|wb-wa|wb-nwa|wt user|supervisor secure, or attr=NUMBER
    # Example: 16M align=16M name=res_16M prot=rw cache=wb-wa
    # Reading the descriptor that was written gives the names made.

    """

  /// What a line asks for.
  ///
  /// - Throws: `EINVAL`; `ENAMETOOLONG` is left to the engine, as all rules for names are.
  static func request(_ line: RequestLine) throws(VCMError) -> ReservationRequest {
    var request = ReservationRequest(length: try Number.size(line.head, as: "size"))
    var attributes = AttributeWords.Collected()
    for option in line.options {
      try vocabulary.check(option)
      if try attributes.take(option) { continue }
      let value = option.value ?? ""
      switch option.key {
      case "align": request.alignment = try Number.size(value, as: "align")
      case "at": request.address = try Number.size(value, as: "at")
      case "bound": request.bound = String(value)
      default: request.name = String(value)
      }
    }
    let words = try attributes.result()
    request.attributes = words.attributes
    if words.alignmentOrder != 0 {
      guard request.alignment == nil else {
        throw .invalid("align= and the alignment in attr= are both given")
      }
      request.alignment = 1 << UInt64(words.alignmentOrder)
    }
    return request
  }
}
