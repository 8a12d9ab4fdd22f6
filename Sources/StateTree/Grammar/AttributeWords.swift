internal import PageTables
internal import VCM

/// Attributes of a reservation in words: `prot=rw cache=none user`.
///
/// | word | means |
/// |---|---|
/// | `prot=` and letters of `rwx`, or `none` | what is permitted; default `rw` |
/// | `cache=none`, `wb-wa`, `wb-nwa`, `wt` | the cache policy; default `none` |
/// | `user` or `supervisor` | both may access, or privileged accesses only; default `user` |
/// | `secure` | the secure world's |
///
/// A text names all attributes: what it leaves out has its default. In place of words, a number has the bits of `vcm.h`.
enum AttributeWords {
  /// The keys and flags, as part of other vocabularies.
  static let vocabulary = RequestVocabulary(
    keys: [("prot", "rwx"), ("cache", "none|wb-wa|wb-nwa|wt"), ("attr", "NUMBER")],
    flags: ["user", "supervisor", "secure"])

  /// The words of attributes.
  static func text(_ attributes: ReservationAttributes) -> String {
    var words = ["prot=\(letters(attributes.access))", "cache=\(name(attributes.cache))"]
    words.append(attributes.privilege == .supervisor ? "supervisor" : "user")
    if attributes.isSecure { words.append("secure") }
    return Print.list(words)
  }

  /// The letters of what is permitted.
  static func letters(_ access: ReservationAttributes.Access) -> String {
    let letters = [(ReservationAttributes.Access.read, "r"), (.write, "w"), (.execute, "x")]
    let text = letters.filter { access.contains($0.0) }.map(\.1).joined()
    return text.isEmpty ? "none" : text
  }

  /// The name of a cache policy.
  static func name(_ cache: ReservationAttributes.CachePolicy) -> String {
    switch cache {
    case .notCached: "none"
    case .writeBackWriteAllocate: "wb-wa"
    case .writeBackNoWriteAllocate: "wb-nwa"
    case .writeThrough: "wt"
    }
  }

  /// Reads what was written to `attr`: words, or one number.
  ///
  /// - Throws: `EINVAL`.
  static func parse(_ text: Substring) throws(VCMError) -> ReservationAttributes {
    if let number = try? Number.parse(text) { return try attributes(number: number).attributes }
    // A line has a first word that is not an option; attributes have only options.
    guard let line = try RequestLine("- " + text) else { throw .invalid("attr needs a value") }
    var words = Collected()
    for option in line.options {
      try vocabulary.check(option)
      _ = try words.take(option)
    }
    return try words.result().attributes
  }

  /// Reads a number with the bits of `vcm.h`, the alignment order included (0 means the default).
  ///
  /// - Throws: `EINVAL`.
  static func attributes(
    number: UInt64
  ) throws(VCMError) -> (attributes: ReservationAttributes, alignmentOrder: UInt8) {
    let text = Print.address(number)
    guard number >> 15 == 0 else { throw .invalid("attributes \(text) have bits above 14") }
    guard number & 0xF <= 3 else { throw .invalid("attributes \(text) have no cache policy \(number & 0xF)") }
    guard number & 0x60 != 0x60 else { throw .invalid("attributes \(text) are both user and supervisor") }
    let order = UInt8(truncatingIfNeeded: number >> 10 & 31)
    guard order == 0 || (12...30).contains(order) else {
      throw .invalid("attributes \(text) have alignment order \(order), which is not 0 or 12 to 30")
    }
    let bits = UInt32(truncatingIfNeeded: number & 0x3FF) | (number & 0x60 == 0 ? 0x40 : 0)
    guard let attributes = ReservationAttributes(rawValue: bits) else {
      throw .invalid("attributes \(text) contradict each other")
    }
    return (attributes, order)
  }

  /// Attribute words that were met so far in a line.
  struct Collected {
    private var access: ReservationAttributes.Access?
    private var cache: ReservationAttributes.CachePolicy?
    private var isSupervisor: Bool?
    private var isSecure = false
    private var number: UInt64?

    /// Takes a word, which the vocabulary knows; false if it is no attribute's.
    mutating func take(_ option: RequestLine.Option) throws(VCMError) -> Bool {
      let value = option.value ?? ""
      switch option.key {
      case "prot": access = try Self.access(value)
      case "cache":
        guard let policy = ReservationAttributes.CachePolicy.allCases.first(where: { name($0) == value })
        else {
          throw .invalid("cache \(Number.quoted(value)) is not none, wb-wa, wb-nwa or wt")
        }
        cache = policy
      case "user", "supervisor":
        guard isSupervisor == nil else { throw .invalid("'user' and 'supervisor' contradict each other") }
        isSupervisor = option.key == "supervisor"
      case "secure": isSecure = true
      case "attr": number = try Number.size(value, as: "attr")
      default: return false
      }
      return true
    }

    /// The attributes, and the alignment order of a number; 0 means the default.
    func result() throws(VCMError) -> (attributes: ReservationAttributes, alignmentOrder: UInt8) {
      if let number {
        guard access == nil, cache == nil, isSupervisor == nil, !isSecure else {
          throw .invalid("attr= says all attributes: no other word may say one")
        }
        return try attributes(number: number)
      }
      let attributes = ReservationAttributes(
        access: access ?? [.read, .write], cache: cache ?? .notCached,
        privilege: isSupervisor == true ? .supervisor : .user, isSecure: isSecure)
      return (attributes, 0)
    }

    private static func access(_ text: Substring) throws(VCMError) -> ReservationAttributes.Access {
      if text == "none" { return [] }
      var result: ReservationAttributes.Access = []
      for letter in text {
        let one: ReservationAttributes.Access
        switch letter {
        case "r": one = .read
        case "w": one = .write
        case "x": one = .execute
        default: throw .invalid("prot \(Number.quoted(text)) has other letters than r, w and x")
        }
        guard !result.contains(one) else {
          throw .invalid("prot \(Number.quoted(text)) has '\(letter)' twice")
        }
        result.insert(one)
      }
      return result
    }
  }
}
