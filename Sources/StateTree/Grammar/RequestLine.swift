internal import VCM

/// One line of a writing file, taken apart: `SIZE [key=value | flag ...]`.
///
/// Words are divided by spaces or tabs. A key may be given once.
struct RequestLine {
  /// A word behind the first one.
  struct Option {
    /// What stands before `=`, or the whole word: as a string, because it is compared with every word that is known.
    let key: String
    /// What stands behind `=`; nil of a flag.
    let value: Substring?

    init(key: String, value: Substring?) {
      self.key = key
      self.value = value
    }

    /// A word, divided at its first `=`.
    fileprivate init(_ word: Slice<UnsafeBufferPointer<UInt8>>) {
      let equals = word.firstIndex(of: UInt8(ascii: "="))
      key = String(bytes: word[..<(equals ?? word.endIndex)])
      value = equals.map { Substring(String(bytes: word[($0 + 1)...])) }
    }
  }

  /// The first word.
  let head: Substring
  /// The other words, in order.
  let options: [Option]

  /// A line from its parts.
  init(head: Substring, options: [Option]) {
    self.head = head
    self.options = options
  }

  /// Takes a line apart.
  ///
  /// - Throws: `EINVAL` if a key is there twice, or a word begins with `=`.
  init?(_ line: Substring) throws(VCMError) {
    var text = line
    let (first, options) = text.withUTF8 { bytes in
      var rest = bytes[...]
      guard let first = Self.nextWord(&rest), first.first != UInt8(ascii: "#") else {
        return (String?.none, [Option]())
      }
      var options: [Option] = []
      while let word = Self.nextWord(&rest) { options.append(Option(word)) }
      return (String(bytes: first), options)
    }
    guard let first else { return nil }
    for (index, option) in options.enumerated() {
      guard !option.key.isEmpty else {
        throw .invalid("\(Number.quoted("=" + (option.value ?? ""))) has no key before '='")
      }
      guard !options[..<index].contains(where: { $0.key == option.key }) else {
        throw .invalid("\(Number.quoted(option.key)) is given twice")
      }
    }
    head = Substring(first)
    self.options = options
  }

  /// Takes the next word off the front of a line.
  ///
  /// By bytes: a blank is one byte in UTF-8 and part of no other character.
  private static func nextWord(
    _ rest: inout Slice<UnsafeBufferPointer<UInt8>>
  ) -> Slice<UnsafeBufferPointer<UInt8>>? {
    rest = rest.drop(while: isBlank)
    guard !rest.isEmpty else { return nil }
    let word = rest.prefix { !isBlank($0) }
    rest = rest[word.endIndex...]
    return word
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
  }
}

extension String {
  /// The text of bytes that are whole characters.
  fileprivate init(bytes: Slice<UnsafeBufferPointer<UInt8>>) {
    self.init(decoding: UnsafeBufferPointer(rebasing: bytes), as: UTF8.self)
  }
}

extension RequestLine {
  /// The requests of lines up to the first that is none, and why that one is none.
  static func read<Request>(
    _ lines: [RequestLine], _ read: (RequestLine) throws(VCMError) -> Request
  ) -> (requests: [Request], failure: VCMError?) {
    var requests: [Request] = []
    for line in lines {
      do throws(VCMError) {
        requests.append(try read(line))
      } catch {
        return (requests, error)
      }
    }
    return (requests, nil)
  }
}

/// The keys and flags that a writing file knows, for its sentences and its help.
struct RequestVocabulary: Sendable {
  /// `key=VALUE` words: the key and what stands for its value.
  let keys: [(name: String, value: String)]
  /// Words that stand alone.
  let flags: [String]

  /// The whole list on one line: `align=SIZE at=ADDRESS ... user`.
  var summary: String { Print.list(keys.map { "\($0.name)=\($0.value)" } + flags) }

  /// Refuses what is not in the vocabulary, a key without a value and a flag with one.
  ///
  /// - Throws: `EINVAL`; of an unknown word the sentence ends with the list of those that exist.
  func check(_ option: RequestLine.Option) throws(VCMError) {
    if keys.contains(where: { $0.name == option.key }) {
      guard let value = option.value, !value.isEmpty else {
        throw .invalid("\(Number.quoted(option.key)) needs a value: \(option.key)=...")
      }
    } else if flags.contains(where: { $0 == option.key }) {
      guard option.value == nil else { throw .invalid("\(Number.quoted(option.key)) takes no value") }
    } else {
      let kind = option.value == nil ? "word" : "key"
      throw .invalid("unknown \(kind) \(Number.quoted(option.key)); known are: \(summary)")
    }
  }
}
