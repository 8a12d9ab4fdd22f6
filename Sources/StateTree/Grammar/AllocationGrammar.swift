internal import VCM

/// The lines of `phys/alloc`.
enum AllocationGrammar {
  static let vocabulary = RequestVocabulary(
    keys: [
      ("memtype", "NAME[,NAME...]"), ("blocks", "SIZE[,SIZE...]"), ("align", "SIZE"), ("at", "ADDRESS"),
      ("chunks", "ADDRESS:SIZE[:COUNT],..."), ("name", "NAME"), ("attr", "NUMBER"),
    ],
    flags: ["contiguous"])

  /// What a fresh open of the file reads.
  static let help = """
    # One buffer a line: SIZE [key=value | flag ...]; one write is all of its lines or none.
    # SIZE: decimal or 0x hex, K M G T. Then any of:
    #   memtype=NAME,... (tried in this order) blocks=SIZE,... (default 1M,64K,4K) contiguous
    #   align=SIZE at=ADDRESS (an existing range) name=NAME, attr=NUMBER in place of flags, blocks and align
    #   chunks=ADDRESS:SIZE[:COUNT],... (these chunks, if they are free, and no others)
    # Example: 128K memtype=mt0 blocks=64K name=buf_64k
    # Reading the descriptor that was written gives the names made.

    """

  /// What a line asks for.
  ///
  /// - Throws: `EINVAL`.
  static func request(_ line: RequestLine) throws(VCMError) -> PhysicalRequest {
    var request = PhysicalRequest(length: try Number.size(line.head, as: "size"))
    var number: UInt64?
    for option in line.options {
      try vocabulary.check(option)
      let value = option.value ?? ""
      switch option.key {
      case "memtype": request.memoryTypes = try list(value, of: "memtype").map { String($0) }
      case "blocks":
        for size in try list(value, of: "blocks") {
          request.blockSizes.append(try Number.size(size, as: "block size"))
        }
      case "align": request.alignment = try Number.size(value, as: "align")
      case "at": request.address = try Number.size(value, as: "at")
      case "chunks": request.chunks = try chunks(value)
      case "name": request.name = String(value)
      case "contiguous": request.isContiguous = true
      default: number = try Number.size(value, as: "attr")
      }
    }
    if let number { try take(number, into: &request) }
    guard request.address == nil || request.chunks.isEmpty else {
      throw .invalid("at= is an existing range, of which chunks= cannot be allocated")
    }
    return request
  }

  /// Reads `ADDRESS:SIZE[:COUNT],...`.
  private static func chunks(_ text: Substring) throws(VCMError) -> [ChunkRun] {
    var result: [ChunkRun] = []
    for part in try list(text, of: "chunks") {
      let fields = part.split(separator: ":", omittingEmptySubsequences: false)
      guard fields.count == 2 || fields.count == 3 else {
        throw .invalid("chunk \(Number.quoted(part)) is not ADDRESS:SIZE or ADDRESS:SIZE:COUNT")
      }
      result.append(
        ChunkRun(
          address: try Number.size(fields[0], as: "chunk address"),
          chunkLength: try Number.size(fields[1], as: "chunk size"),
          count: fields.count == 3 ? try Number.size(fields[2], as: "chunk count") : 1))
    }
    return result
  }

  /// Takes a number with the bits of `vcm.h`: contiguous 1, all block sizes 2, 1 MB 3, 64 KB 4, 4 KB 5, and the alignment
  /// order from bit 6.
  private static func take(_ number: UInt64, into request: inout PhysicalRequest) throws(VCMError) {
    let text = Print.address(number)
    guard !request.isContiguous, request.blockSizes.isEmpty, request.alignment == nil else {
      throw .invalid("attr= says flags, blocks and align: no other word may say one")
    }
    guard number & ~0x7FE == 0 else {
      throw .invalid("attributes \(text) have bits that are none of a buffer's")
    }
    let order = number >> 6 & 31
    guard order == 0 || (12...30).contains(order) else {
      throw .invalid("attributes \(text) have alignment order \(order), which is not 0 or 12 to 30")
    }
    request.isContiguous = number & 2 != 0
    if number & 4 == 0 {
      for (bit, size) in [(3, 1 << 20), (4, 64 << 10), (5, 4 << 10)] as [(UInt64, UInt64)]
      where number >> bit & 1 == 1 {
        request.blockSizes.append(size)
      }
    }
    if order != 0 { request.alignment = 1 << order }
  }

  private static func list(_ text: Substring, of key: String) throws(VCMError) -> [Substring] {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    guard !parts.contains(where: \.isEmpty) else {
      throw .invalid("\(key) \(Number.quoted(text)) has an empty part")
    }
    return parts
  }
}
