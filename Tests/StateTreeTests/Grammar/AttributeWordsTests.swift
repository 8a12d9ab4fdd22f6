import PageTables
import Testing
import VCM

@testable import StateTree

@Suite struct AttributeWordsTests {
  @Test func everyCombinationIsWrittenAndRead() throws {
    for bits in 0..<UInt32(1 << 10) {
      guard let attributes = ReservationAttributes(rawValue: bits) else { continue }
      let text = AttributeWords.text(attributes)
      #expect(try AttributeWords.parse(text[...]) == attributes, "\(text)")
      #expect(try AttributeWords.parse("\(bits)"[...]) == attributes)
      #expect(try AttributeWords.parse("0x\(String(bits, radix: 16))"[...]) == attributes)
    }
  }

  @Test func whatIsLeftOutHasItsDefault() throws {
    #expect(AttributeWords.text(ReservationAttributes()) == "prot=rw cache=none user")
    #expect(try AttributeWords.parse("prot=r") == ReservationAttributes(access: .read))
    #expect(try AttributeWords.parse("secure") == ReservationAttributes(isSecure: true))
    #expect(try AttributeWords.parse("prot=none") == ReservationAttributes(access: []))
    #expect(try AttributeWords.parse("prot=xwr") == ReservationAttributes(access: [.read, .write, .execute]))
    // A number with neither user nor supervisor is the user's.
    #expect(try AttributeWords.parse("0x300") == ReservationAttributes())
  }

  @Test(arguments: [
    "prot", "prot=", "rw", "cache=WT", "user user", "0x8000", "prot=rw;", "split=2", "secure=1",
  ])
  func bad(text: String) {
    #expect(throws: VCMError.self) { try AttributeWords.parse(text[...]) }
  }

  @Test func associations() throws {
    #expect(Words.text(of: AssociationAttributes()) == "base=low split=0")
    #expect(
      try Words.associationAttributes("base=high split=2") == AssociationAttributes(base: .high, split: 2))
    #expect(try Words.associationAttributes("split=31") == AssociationAttributes(split: 31))
    #expect(try Words.associationAttributes("0x12") == AssociationAttributes(base: .high, split: 2))
    for text in ["base=middle", "split=32", "split=-1", "0x6", "0x100000000", "colour=red", "base"] {
      #expect(throws: VCMError.self) { try Words.associationAttributes(text[...]) }
    }
  }
}
