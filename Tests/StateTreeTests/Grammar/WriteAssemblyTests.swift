import Glibc
import TestSupport
import Testing
import VCM

@testable import StateTree

@Suite struct WriteAssemblyTests {
  private func take(
    _ assembly: inout WriteAssembly, _ text: String, at offset: UInt64
  ) throws -> WriteAssembly.Outcome {
    let bytes = Array(text.utf8)
    return try bytes.withUnsafeBytes { try assembly.take($0, at: offset) }
  }

  private func fail(_ assembly: inout WriteAssembly, _ text: String, at offset: UInt64) {
    Array(text.utf8).withUnsafeBytes {
      assembly.noteFailure(VCMError(.outOfAddressSpace, "no room"), of: $0, at: offset)
    }
  }

  @Test func shortWritesAreWhole() throws {
    var assembly = WriteAssembly(largestPiece: 8)
    #expect(try take(&assembly, "4K", at: 0) == .whole)
    #expect(try take(&assembly, "4K\n", at: 2) == .whole)
    #expect(try take(&assembly, "", at: 5) == .whole)
    // The largest size, but with a newline at its end.
    #expect(try take(&assembly, "4K\n8K \n\n", at: 0) == .whole)
  }

  @Test func piecesArePutTogether() throws {
    var assembly = WriteAssembly(largestPiece: 8)
    #expect(try take(&assembly, "4K name=", at: 100) == .unfinished)
    #expect(try take(&assembly, "abcdefgh", at: 108) == .unfinished)
    #expect(try take(&assembly, "i\n", at: 116) == .assembled(Array("4K name=abcdefghi\n".utf8)))
    #expect(try take(&assembly, "4K\n", at: 118) == .whole)
  }

  @Test func whatGoesOnElsewhereIsNew() throws {
    var assembly = WriteAssembly(largestPiece: 8)
    #expect(try take(&assembly, "4K name=", at: 0) == .unfinished)
    #expect(try take(&assembly, "64K\n", at: 0) == .whole)
  }

  @Test func aFailureIsToldToWhoeverSendsTheRestAgain() throws {
    var assembly = WriteAssembly(largestPiece: 8)
    #expect(try take(&assembly, "4K name=", at: 0) == .unfinished)
    #expect(try take(&assembly, "a\n", at: 8) == .assembled(Array("4K name=a\n".utf8)))
    fail(&assembly, "a\n", at: 8)
    #expect(throws: VCMError(.outOfAddressSpace, "no room")) { try take(&assembly, "a\n", at: 8) }
    // Told once; another text at that place is another text.
    #expect(try take(&assembly, "a\n", at: 8) == .whole)
    fail(&assembly, "a\n", at: 8)
    #expect(try take(&assembly, "64K\n", at: 8) == .whole)
  }

  @Test func aTextThatEndsWithALargestPieceIsTakenAtTheEnd() throws {
    var assembly = WriteAssembly(largestPiece: 4)
    #expect(try take(&assembly, "128K", at: 0) == .unfinished)
    #expect(assembly.finish() == Array("128K".utf8))
    #expect(assembly.finish() == nil)
  }

  @Test func endlessTextsAreRefused() throws {
    var assembly = WriteAssembly(largestPiece: 64 << 20)
    let piece = String(repeating: "x", count: 64 << 20)
    for index in 0..<4 { #expect(try take(&assembly, piece, at: UInt64(index) << 26) == .unfinished) }
    do {
      _ = try take(&assembly, piece, at: 4 << 26)
      Issue.record("it was taken")
    } catch let error as VCMError {
      #expect(error.errno == EFBIG)
    }
  }

  /// Cut anywhere by the largest size, a text comes out as it went in.
  @Test func randomCuts() throws {
    var random = SeededRandom(seed: 3)
    for _ in 0..<300 {
      let largest = Int.random(in: 1...16, using: &random)
      let alphabet = Array("ab\n")
      let text = (0..<Int.random(in: 1...200, using: &random)).map { _ in
        alphabet[Int.random(in: 0..<3, using: &random)]
      }
      var assembly = WriteAssembly(largestPiece: largest)
      var result: [UInt8] = []
      var offset = 0
      while offset < text.count {
        let piece = text[offset..<min(text.count, offset + largest)]
        switch try take(&assembly, String(piece), at: UInt64(offset)) {
        case .unfinished: break
        case .whole: result += String(piece).utf8
        case .assembled(let bytes): result += bytes
        }
        offset += piece.count
      }
      result += assembly.finish() ?? []
      #expect(result == Array(String(text).utf8))
    }
  }
}
