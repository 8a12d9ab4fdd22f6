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
