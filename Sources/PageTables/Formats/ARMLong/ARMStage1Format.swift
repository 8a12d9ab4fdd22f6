/// What stage 1 formats with long descriptors have in common.
protocol ARMStage1Format: ARMLongFormat where LeafAttributes == ARMStage1Attributes {
  /// Whether unprivileged execution has a bit of its own, UXN; otherwise the bit is XN and stops everybody.
  static var separatesExecution: Bool { get }
}

extension ARMStage1Format {
  static var stage: FormatDescription.Stage { .first }

  func attributeBits(_ attributes: ARMStage1Attributes) -> UInt64 { attributes.bits }

  func leafAttributes(for wish: MappingAttributes) throws(PageTableError) -> ARMStage1Attributes {
    try ARMStage1Attributes(wish, separatesExecution: Self.separatesExecution, format: Self.name)
  }

  func leafAttributes(of entry: UInt64, level: Int, path: UInt64) -> ARMStage1Attributes {
    ARMStage1Attributes(entry: attributes(entry), restrictions: ~path)
  }

  func mappingAttributes(of attributes: ARMStage1Attributes) -> MappingAttributes {
    attributes.mapping(separatesExecution: Self.separatesExecution)
  }

  static var wordsWidth: Int { 69 }

  func describe(_ attributes: ARMStage1Attributes, into text: inout TextCursor) {
    text.append(mappingAttributes(of: attributes))
    text.append(word: attributes.isNonSecure ? "nonsecure" : "secure")
    text.append(word: "attr=")
    text.append(decimal: UInt64(attributes.memoryIndex))
    text.append(word: "sh=")
    text.append(decimal: UInt64(attributes.shareability))
    if attributes.isAccessed { text.append(word: "AF") }
    if attributes.isNotGlobal { text.append(word: "nG") }
    if attributes.isExecuteNever { text.append(word: Self.separatesExecution ? "UXN" : "XN") }
    if attributes.isPrivilegedExecuteNever { text.append(word: "PXN") }
  }

  func describe(pointer: UInt64, level: Int, into text: inout TextCursor) {
    if pointer >> 61 & 3 != 0 {
      text.append(word: "APTable=")
      text.append(decimal: pointer >> 61 & 3)
    }
    if pointer >> 60 & 1 != 0 { text.append(word: Self.separatesExecution ? "UXNTable" : "XNTable") }
    if pointer >> 59 & 1 != 0 { text.append(word: "PXNTable") }
    if pointer >> 63 != 0 { text.append(word: "NSTable") }
  }
}

/// The lines of `formats/<format>/attributes` that stage 1 formats with long descriptors share.
let armStage1AttributeLines = [
  "read: valid; every mapping permits it, so write, execute or nothing without read cannot be expressed",
  "write: AP[2] = 0",
  "user: AP[1] = 1, nG = 1; supervisor: AP[1] = 0, nG = 0",
  "secure: NS = 0, else NS = 1; only the secure state looks at it",
  "cache none: AttrIndx 0; wt: AttrIndx 4; wb-nwa: AttrIndx 3; wb-wa: AttrIndx 1, with the root's MAIR",
  "shared: SH = 3 always; accessed: AF = 1, set beforehand",
]
