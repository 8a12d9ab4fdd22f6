import Glibc

// Functions of the C library that its headers hide from Swift.

private func function<Function>(_ name: String, as type: Function.Type) -> Function {
  guard let symbol = dlsym(nil, name) else { fatalError("the C library has no \(name)") }
  return unsafeBitCast(symbol, to: type)
}

typealias Text = UnsafePointer<CChar>

func renameat2(_ old: Int32, _ oldPath: String, _ new: Int32, _ newPath: String, _ flags: UInt32) -> Int32 {
  function("renameat2", as: (@convention(c) (Int32, Text, Int32, Text, UInt32) -> Int32).self)(
    old, oldPath, new, newPath, flags)
}

func copyFileRange(_ from: Int32, _ start: Int64, _ to: Int32, _ end: Int64, _ count: Int) -> Int {
  typealias Offset = UnsafeMutablePointer<Int64>
  var (start, end) = (start, end)
  return function(
    "copy_file_range", as: (@convention(c) (Int32, Offset, Int32, Offset, Int, UInt32) -> Int).self)(
      from, &start, to, &end, count, 0)
}

func memoryFile() -> Int32 {
  function("memfd_create", as: (@convention(c) (Text, UInt32) -> Int32).self)("fusekit", 1)
}

func getxattr(_ path: String, _ name: String, _ value: UnsafeMutableRawPointer?, _ size: Int) -> Int {
  function("getxattr", as: (@convention(c) (Text, Text, UnsafeMutableRawPointer?, Int) -> Int).self)(
    path, name, value, size)
}

func setxattr(_ path: String, _ name: String, _ value: [UInt8], _ size: Int, _ flags: Int32) -> Int32 {
  function("setxattr", as: (@convention(c) (Text, Text, UnsafeRawPointer, Int, Int32) -> Int32).self)(
    path, name, value, size, flags)
}

func listxattr(_ path: String, _ list: UnsafeMutablePointer<CChar>?, _ size: Int) -> Int {
  function("listxattr", as: (@convention(c) (Text, UnsafeMutablePointer<CChar>?, Int) -> Int).self)(
    path, list, size)
}

func removexattr(_ path: String, _ name: String) -> Int32 {
  function("removexattr", as: (@convention(c) (Text, Text) -> Int32).self)(path, name)
}
