import FUSEKit
import StateTree
import Testing
import VCM

@testable import vcmfs

/// The numbers for what is gone: the kernel looks again for the first ESTALE only.
@Suite struct SecondLookTests {
  private let looks = SecondLooks()
  private let start = ContinuousClock.now
  private let first = ObjectID(rawValue: 1 << 3 | 1)
  private let second = ObjectID(rawValue: 2 << 3 | 1)

  @Test func aFreeNameIsNoEntryAndAnUnknownOneIsStale() {
    for _ in 1...2 {
      #expect(looks.errno(for: .vanished, thread: 7, at: start) == .noEntry)
      #expect(looks.errno(for: .unknown, thread: 7, at: start) == .stale)
    }
  }

  @Test func theSecondLookOfAThreadIsNoEntry() throws {
    let (first, second) = (try #require(first), try #require(second))
    #expect(looks.errno(for: .replaced(first), thread: 7, at: start) == .stale)
    #expect(looks.errno(for: .replaced(second), thread: 8, at: start) == .stale, "another thread")
    #expect(looks.errno(for: .replaced(second), thread: 7, at: start) == .noEntry)
    #expect(looks.errno(for: .replaced(first), thread: 7, at: start) == .stale, "a new path")
  }

  @Test func theSameObjectAgainIsAnotherCallAndSoIsALaterOne() throws {
    let (first, second) = (try #require(first), try #require(second))
    #expect(looks.errno(for: .replaced(first), thread: 7, at: start) == .stale)
    #expect(looks.errno(for: .replaced(first), thread: 7, at: start) == .stale)
    #expect(looks.errno(for: .replaced(second), thread: 7, at: start + SecondLooks.span) == .stale)
    #expect(looks.errno(for: .replaced(second), thread: 0, at: start) == .stale, "the kernel itself")
    #expect(looks.errno(for: .replaced(first), thread: 0, at: start) == .stale)
  }

  @Test func whatIsThereEndsTheCall() throws {
    let (first, second) = (try #require(first), try #require(second))
    #expect(looks.errno(for: .replaced(first), thread: 7, at: start) == .stale)
    #expect(looks.errno(for: .replaced(first), thread: 8, at: start) == .stale)
    looks.end(thread: 7)
    #expect(looks.errno(for: .replaced(second), thread: 7, at: start) == .stale)
    #expect(looks.errno(for: .replaced(second), thread: 8, at: start) == .noEntry, "another thread")
  }

  @Test func manyThreadsAreForgotten() throws {
    let (first, second) = (try #require(first), try #require(second))
    for thread in 1...Int32(SecondLooks.limit) {
      #expect(looks.errno(for: .replaced(first), thread: thread, at: start) == .stale)
    }
    #expect(looks.errno(for: .replaced(first), thread: 1000, at: start) == .stale)
    #expect(looks.errno(for: .replaced(second), thread: 1, at: start) == .stale)
    #expect(looks.errno(for: .replaced(second), thread: 1000, at: start) == .noEntry)
  }
}
