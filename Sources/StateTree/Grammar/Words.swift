internal import VCM

/// The words that values are written in, beside numbers.
enum Words {
  /// Reads 0 or 1.
  static func flag(_ text: Substring, as what: String) throws(VCMError) -> Bool {
    switch text {
    case "1": return true
    case "0": return false
    default: throw .invalid("\(what) \(Number.quoted(text)) is not 0 or 1")
    }
  }

  /// Reads a region's kind.
  static func regionKind(_ text: Substring) throws(VCMError) -> RegionKind {
    try word(text, as: "type", of: RegionKind.self)
  }

  /// Reads a device's kind.
  static func deviceKind(_ text: Substring) throws(VCMError) -> DeviceKind {
    try word(text, as: "type", of: DeviceKind.self)
  }

  private static func word<Value: RawRepresentable & CaseIterable>(
    _ text: Substring, as what: String, of type: Value.Type
  ) throws(VCMError) -> Value where Value.RawValue == String {
    if let value = Value(rawValue: String(text)) { return value }
    let known = Value.allCases.map(\.rawValue).joined(separator: ", ")
    throw .invalid("\(what) \(Number.quoted(text)) is not one of \(known)")
  }

  private static let associationVocabulary = RequestVocabulary(
    keys: [("base", "low|high"), ("split", "0...31")], flags: [])

  /// An association's attributes: `base=low split=0`.
  static func text(of attributes: AssociationAttributes) -> String {
    "base=\(attributes.base == .low ? "low" : "high") split=\(attributes.split)"
  }

  /// Reads an association's attributes: words, or one number with the bits of `vcm.h`.
  ///
  /// What is left out has its default.
  static func associationAttributes(_ text: Substring) throws(VCMError) -> AssociationAttributes {
    if let number = try? Number.parse(text) {
      guard let bits = UInt32(exactly: number), let attributes = AssociationAttributes(rawValue: bits) else {
        throw .invalid("attributes \(Print.address(number)) are none of an association")
      }
      return attributes
    }
    var attributes = AssociationAttributes()
    // A line has a first word that is not an option; attributes have only options.
    for option in try RequestLine("- " + text)?.options ?? [] {
      try associationVocabulary.check(option)
      let value = option.value ?? ""
      if option.key == "base" {
        guard value == "low" || value == "high" else {
          throw .invalid("base \(Number.quoted(value)) is not low or high")
        }
        attributes.base = value == "low" ? .low : .high
      } else {
        guard let split = try? Number.parse(value), split < 32 else {
          throw .invalid("split \(Number.quoted(value)) is not a number from 0 to 31")
        }
        attributes.split = UInt8(split)
      }
    }
    return attributes
  }

  /// How a buffer was asked for, in the words of `alloc`.
  static func text(of allocation: PhysicalAllocation) -> String {
    if allocation.isWrapped { return "at=\(Print.address(allocation.chunk(at: 0)?.address ?? 0))" }
    let attributes = allocation.attributes
    var words: [String] = []
    if attributes.isContiguous { words.append("contiguous") }
    if !attributes.blockSizes.isEmpty { words.append("blocks=\(sizeList(attributes.blockSizes))") }
    if let alignment = attributes.alignment { words.append("align=\(Print.friendly(alignment))") }
    return Print.list(words)
  }

  /// The policy of a memory type.
  static func policy(of description: MemoryTypeDescription) -> String {
    var words = ["chunks=\(sizeList(description.chunkSizes))"]
    if description.isContiguous { words.append("contiguous") }
    if description.holdsTables { words.append("tables") }
    return Print.list(words)
  }

  private static func sizeList(_ sizes: [UInt64]) -> String {
    sizes.sorted(by: >).map(Print.friendly).joined(separator: ",")
  }
}
