import Glibc
import PageTables
import Testing
import VCM

@testable import StateTree

@Suite struct RequestGrammarTests {
  private func reservation(_ line: String) throws(VCMError) -> ReservationRequest? {
    guard let line = try RequestLine(line[...]) else { return nil }
    return try ReservationGrammar.request(line)
  }

  private func allocation(_ line: String) throws(VCMError) -> PhysicalRequest? {
    guard let line = try RequestLine(line[...]) else { return nil }
    return try AllocationGrammar.request(line)
  }

  @Test func reservations() throws {
    #expect(try reservation("64K") == ReservationRequest(length: 65536))
    #expect(
      try reservation("  16M\talign=16M name=res_16M  ")
        == ReservationRequest(length: 16 << 20, alignment: 16 << 20, name: "res_16M"))
    #expect(
      try reservation("0x1000 at=0x100000 bound=video prot=rwx cache=wb-wa supervisor secure")
        == ReservationRequest(
          length: 4096, at: 0x100000, bound: "video",
          attributes: ReservationAttributes(
            access: [.read, .write, .execute], cache: .writeBackWriteAllocate, privilege: .supervisor,
            isSecure: true)))
    // vcm.h: read, write, user, write-through, alignment order 16.
    #expect(
      try reservation("64K attr=0x4343")
        == ReservationRequest(
          length: 65536, alignment: 65536,
          attributes: ReservationAttributes(access: [.read, .write], cache: .writeThrough)))
    #expect(try reservation("") == nil)
    #expect(try reservation(" \t ") == nil)
    #expect(try reservation("# 64K") == nil)
  }

  @Test func allocations() throws {
    #expect(
      try allocation("128K memtype=mt0 blocks=64K name=buf_64k")
        == PhysicalRequest(length: 128 << 10, memoryTypes: ["mt0"], blockSizes: [64 << 10], name: "buf_64k"))
    #expect(
      try allocation("1M memtype=mt0,mt1 contiguous align=1M")
        == PhysicalRequest(
          length: 1 << 20, memoryTypes: ["mt0", "mt1"], isContiguous: true, alignment: 1 << 20))
    #expect(try allocation("4M at=0x90000000") == PhysicalRequest(length: 4 << 20, at: 0x9000_0000))
    #expect(
      try allocation("4M blocks=1M,64K,4K")
        == PhysicalRequest(length: 4 << 20, blockSizes: [1 << 20, 65536, 4096]))
    // vcm.h: contiguous, 64 KB and 4 KB chunks, alignment order 16.
    #expect(
      try allocation("1M attr=0x432")
        == PhysicalRequest(length: 1 << 20, blockSizes: [65536, 4096], isContiguous: true, alignment: 65536))
  }

  @Test(arguments: [
    ("1M colour=red", "unknown key 'colour'; known are: align=SIZE at=ADDRESS bound=NAME name=NAME"),
    ("1M shiny", "unknown word 'shiny'"), ("1M name=a name=b", "'name' is given twice"),
    ("1M name=", "'name' needs a value"), ("1M name", "'name' needs a value"),
    ("1M user=1", "'user' takes no value"),
    ("1M =x", "has no key"), ("1M align=x", "align 'x' is not a number"), ("x", "size 'x' is not a number"),
    ("1M at=-1", "at '-1' is not a number"), ("99999999999999999999", "does not fit in 64 bits"),
    ("1M prot=rr", "'r' twice"), ("1M prot=q", "other letters"), ("1M cache=fast", "cache 'fast' is not"),
    ("1M user supervisor", "contradict"), ("1M attr=0x343 prot=r", "attr= says all"),
    ("1M attr=0x8000", "above 14"),
    ("1M attr=0x34f", "no cache policy"), ("1M attr=0x60", "both user and supervisor"),
    ("1M attr=0x1c00", "alignment order 7"), ("1M align=4K attr=0x4040", "both given"),
    ("name=x 1M", "is not a number"),
  ])
  func badReservations(line: String, sentence: String) {
    do throws(VCMError) {
      _ = try reservation(line)
      Issue.record("\(line) was taken")
    } catch {
      #expect(error.errno == EINVAL)
      #expect(error.sentence.contains(sentence), "\(error.sentence)")
    }
  }

  @Test(arguments: [
    ("1M memtype=,mt0", "empty part"), ("1M blocks=1M,,4K", "empty part"), ("1M blocks=x", "block size 'x'"),
    ("1M contiguous=1", "takes no value"), ("1M prot=r", "unknown key 'prot'"),
    ("1M attr=0x2 contiguous", "attr= says"),
    ("1M attr=1", "none of a buffer's"), ("1M attr=0x800", "none of a buffer's"),
    ("1M attr=0x40", "alignment order 1"),
  ])
  func badAllocations(line: String, sentence: String) {
    do throws(VCMError) {
      _ = try allocation(line)
      Issue.record("\(line) was taken")
    } catch {
      #expect(error.errno == EINVAL)
      #expect(error.sentence.contains(sentence), "\(error.sentence)")
    }
  }

  @Test func texts() throws {
    func lines(_ bytes: [UInt8]) throws -> [String] {
      try bytes.withUnsafeBytes { raw in try RequestText.lines(raw).map { String($0) } }
    }
    #expect(try lines(Array("a\nb\n".utf8)) == ["a", "b"])
    #expect(try lines(Array("a\nb".utf8)) == ["a", "b"])
    #expect(try lines(Array("a\r\n\n\tb \n".utf8)) == ["a", "", "\tb "])
    #expect(try lines([]) == [])
    for line in ["", "a", "prüfen", "\t", "a line that does not lie in its string, being long"] {
      for ending in ["", "\n", "\r\n", "\r"] {
        let text = line + ending
        #expect(try lines(Array(text.utf8)) == (text.isEmpty ? [] : [line]), "\(text.debugDescription)")
        #expect(try lines(Array("first\n\(text)".utf8)) == (text.isEmpty ? ["first"] : ["first", line]))
      }
      for blanks in ["", " ", "\t \r"] {
        #expect(RequestText.trimmed("\(blanks)\(line)\(blanks)") == (line == "\t" ? "" : line[...]))
      }
    }
    #expect(throws: VCMError.self) { try lines([0x41, 0x00]) }
    #expect(throws: VCMError.self) { try lines([0x41, 0x1B, 0x41]) }
    #expect(throws: VCMError.self) { try lines([0xC3, 0x28]) }
    #expect(throws: VCMError.self) { try lines([0x41, 0x0A, 0xC3, 0x0A]) }
    #expect(throws: VCMError.self) { try lines([0x7F]) }
  }

  /// Every fresh open tells the grammar in lines that a write takes as nothing.
  @Test func helpIsNoRequest() throws {
    for text in [ReservationGrammar.help, AllocationGrammar.help] {
      for line in text.split(separator: "\n") { #expect(try RequestLine(line) == nil) }
    }
    for key in ReservationGrammar.vocabulary.keys.map(\.name) {
      #expect(ReservationGrammar.help.contains("\(key)="))
    }
    for flag in ReservationGrammar.vocabulary.flags { #expect(ReservationGrammar.help.contains(flag)) }
    for key in AllocationGrammar.vocabulary.keys.map(\.name) {
      #expect(AllocationGrammar.help.contains("\(key)="))
    }
    for flag in AllocationGrammar.vocabulary.flags { #expect(AllocationGrammar.help.contains(flag)) }
  }
}

extension RequestLine: Equatable {
  static func == (left: RequestLine, right: RequestLine) -> Bool { left.head == right.head }
}
