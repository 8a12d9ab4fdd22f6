import Glibc
import Synchronization
import Testing

@testable import FUSEKit

@Suite("Long work")
struct LongWorkTests {
  @Test("a job that is alone is done by its caller, one beside it on another thread that makes room")
  func beside() {
    let work = LongWork(threadCount: 2, niceness: 3)
    let caller = pthread_self()
    let own = getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0)
    let places = Mutex<[String]>([])
    let isDone = Flag()
    let note: @Sendable () -> Void = {
      let isHere = pthread_equal(pthread_self(), caller) != 0
      let added = getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0) - own
      places.withLock { $0.append("\(isHere ? "here" : "elsewhere") \(added)") }
    }
    work.run {
      note()
      work.run {
        note()
        isDone.set()
      }
      isDone.wait()
    }
    work.run(note)
    #expect(places.withLock { $0 } == ["here 0", "elsewhere 3", "here 0"])
    work.close()
  }

  @Test("what nobody waits for yet is done by a thread that has nothing else to do")
  func beforehand() throws {
    let work = LongWork(threadCount: 1)
    let (began, mayEnd) = (Flag(), Flag())
    let first = try #require(
      work.runBeforehand {
        began.set()
        mayEnd.wait()
      })
    began.wait()
    #expect(work.runBeforehand {} == nil, "the only thread is at work")
    let isHere = Mutex(false)
    let caller = pthread_self()
    work.run { isHere.withLock { $0 = pthread_equal(pthread_self(), caller) != 0 } }
    #expect(isHere.withLock { $0 }, "a job is alone all the same")
    mayEnd.set()
    #expect(first.finish())
    work.close()
    #expect(work.runBeforehand {} == nil)
  }

  @Test("a job is done, or taken back and never done")
  func takenBack() throws {
    let work = LongWork(threadCount: 1)
    let count = Mutex(0)
    var done = 0
    for _ in 0..<5000 {
      guard let job = work.runBeforehand({ count.withLock { $0 += 1 } }) else { continue }
      if job.finish() { done += 1 }
    }
    work.close()
    #expect(count.withLock { $0 } == done)
  }

  @Test("each job is done once, those that wait at the end too")
  func everyJob() {
    let work = LongWork(threadCount: 2)
    let done = Mutex<[Int]>([])
    work.run {
      for number in 0..<1000 {
        work.run { done.withLock { $0.append(number) } }
      }
    }
    work.close()
    #expect(done.withLock { $0.sorted() } == Array(0..<1000))
    work.run { done.withLock { $0.append(1000) } }
    #expect(done.withLock { $0.count } == 1001)
  }
}
