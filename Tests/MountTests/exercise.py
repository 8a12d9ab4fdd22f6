#!/usr/bin/env python3
"""Reads, writes, maps and copies files that show the same memory, at random and in two processes, against a model.

    exercise.py [--seed N] [--steps N] --size BYTES [--mapped FILE=BASE] [--unmapped FILE=BASE] [--scattered FILE CHUNKS]

BASE is the offset in FILE of the memory's first byte; of a file given by --scattered, CHUNKS has a line `OFFSET LENGTH` for each
piece of the memory. Files given by --unmapped are read and written only. After each step what was read through a file that is chosen at random must be what the model has:

- a write is seen by every read and every mapping that begins after it;
- a store through a mapping is seen by reads of that file at once, by others after msync;
- through another file's mapping it is seen soon after msync: its pages are given up behind the answer.
"""
import argparse, errno, mmap, os, pickle, random, struct, sys, time

PAGE = mmap.PAGESIZE


class File:
    """A file, and where in it each piece of the memory lies: (offset in the memory, offset in the file, length)."""

    def __init__(self, path, pieces):
        self.path, self.pieces = path, pieces
        self.descriptor = os.open(path, os.O_RDWR)
        self.maps = {}

    def spans(self, start, length):
        """The parts of a range as (offset in the file, length)."""
        for first, offset, count in self.pieces:
            low, high = max(start, first), min(start + length, first + count)
            if low < high:
                yield offset + low - first, high - low

    def map(self, offset, length):
        """A mapping that has a range, and where in it that begins."""
        first = offset // PAGE * PAGE
        size = -(-(offset + length - first) // PAGE) * PAGE
        if (first, size) not in self.maps:
            if len(self.maps) > 8:
                self.maps.popitem()[1].close()
            self.maps[first, size] = mmap.mmap(self.descriptor, size, mmap.MAP_SHARED, offset=first)
        return self.maps[first, size], offset - first

    # What a process is asked to do; each takes a range of the memory.

    def pread(self, start, length):
        return b"".join(self.whole(offset, count) for offset, count in self.spans(start, length))

    def whole(self, offset, count):
        found = os.pread(self.descriptor, count, offset)
        assert len(found) == count, f"{self.path}: {len(found)} of {count} bytes at {offset}"
        return found

    def read(self, start, length):
        parts = []
        for offset, count in self.spans(start, length):
            os.lseek(self.descriptor, offset, os.SEEK_SET)
            while count > 0:
                parts.append(os.read(self.descriptor, min(count, 5001)))
                assert parts[-1], f"{self.path}: no bytes at {offset}"
                count -= len(parts[-1])
        return b"".join(parts)

    def load(self, start, length):
        parts = []
        for offset, count in self.spans(start, length):
            memory, into = self.map(offset, count)
            parts.append(memory[into:into + count])
        return b"".join(parts)

    def write(self, start, data):
        for offset, count in self.spans(start, len(data)):
            assert os.pwrite(self.descriptor, data[:count], offset) == count
            data = data[count:]

    def store(self, start, data):
        for offset, count in self.spans(start, len(data)):
            memory, into = self.map(offset, count)
            memory[into:into + count] = data[:count]
            data = data[count:]

    def sync(self, start, length):
        for offset, count in self.spans(start, length):
            memory, _ = self.map(offset, count)
            memory.flush()

    def reopen(self):
        for memory in self.maps.values():
            memory.close()
        self.maps = {}
        os.close(self.descriptor)
        self.descriptor = os.open(self.path, os.O_RDWR)


def copy(source, start, target, to, length):
    """copy_file_range within one piece of each file; how much."""
    offset, count = next(source.spans(start, length))
    place, room = next(target.spans(to, length))
    return os.copy_file_range(source.descriptor, target.descriptor, min(count, room), offset, place)


class Worker:
    """Another process with openings of its own, which does what it is told."""

    def __init__(self, specifications):
        ask, self.asked = os.pipe()
        self.answered, answer = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(self.asked)
            os.close(self.answered)
            self.serve([File(*one) for one in specifications], ask, answer)
        os.close(ask)
        os.close(answer)

    @staticmethod
    def send(descriptor, value):
        data = pickle.dumps(value)
        data = struct.pack("<Q", len(data)) + data
        while data:
            data = data[os.write(descriptor, data):]

    @staticmethod
    def receive(descriptor):
        def take(count):
            data = b""
            while len(data) < count:
                part = os.read(descriptor, count - len(data))
                if not part:
                    return None
                data += part
            return data
        length = take(8)
        return None if length is None else pickle.loads(take(struct.unpack("<Q", length)[0]))

    def serve(self, files, ask, answer):
        while (request := self.receive(ask)) is not None:
            try:
                name, number, arguments = request
                if name == "copy":
                    source, start, to, length = arguments
                    result = copy(files[source], start, files[number], to, length)
                else:
                    result = getattr(files[number], name)(*arguments)
                self.send(answer, (True, result))
            except Exception as problem:
                self.send(answer, (False, repr(problem)))
        os._exit(0)

    def do(self, name, number, *arguments):
        self.send(self.asked, (name, number, arguments))
        worked, result = self.receive(self.answered) or (False, "the process has ended")
        assert worked, result
        return result

    def end(self):
        os.close(self.asked)
        os.waitpid(self.pid, 0)


def exercise(specifications, mapped, size, seed, steps):
    chance = random.Random(seed)
    workers = [Worker(specifications) for _ in range(2)]
    names = [path for path, _ in specifications]
    model = bytearray(workers[0].do("pread", 0, 0, size))

    def length():
        return chance.choice((chance.randrange(1, 64), chance.randrange(1, PAGE * 3), chance.randrange(1, size)))

    def span():
        count = length()
        start = chance.randrange(size)
        return start, min(count, size - start)

    def check(step, way, changed, start, count, number, how=None, patience=0):
        wanted = bytes(model[start:start + count])
        how = how or chance.choice(("pread", "read", "load") if number in mapped else ("pread", "read"))
        end = time.monotonic() + patience
        while (found := chance.choice(workers).do(how, number, start, count)) != wanted:
            if time.monotonic() >= end:
                at = next(i for i in range(count) if found[i] != wanted[i])
                sys.exit(f"seed {seed}, step {step}: after {way} of {names[changed]}, {how} of {names[number]} has at {start + at} "
                         f"{found[at:at + 8].hex()} and not {wanted[at:at + 8].hex()}")
            time.sleep(0.001)

    for step in range(steps):
        worker, number = chance.choice(workers), chance.randrange(len(names))
        way = chance.choice(("write", "write", "store", "store", "copy", "reopen"))
        if way == "store" and number not in mapped:
            way = "write"
        start, count = span()
        if way == "reopen":
            worker.do("reopen", number)
        elif way == "copy":
            source, to = chance.randrange(len(names)), chance.randrange(size)
            # What overlaps, by way of whichever files, is copied in an order that nobody promises.
            count = min(count, size - to, abs(start - to))
            try:
                count = worker.do("copy", number, source, start, to, count) if count else 0
            except AssertionError as problem:
                # The kernel refuses ranges of one file that overlap, and files that it passes through.
                if not any(f"({code}," in str(problem) for code in (errno.EINVAL, errno.EXDEV, errno.EOPNOTSUPP)):
                    raise
                count = 0
            model[to:to + count] = model[start:start + count]
            start = to
        else:
            data = chance.randbytes(count)
            worker.do(way, number, start, data)
            model[start:start + count] = data
            if way == "store":
                check(step, way, number, start, count, number)
                worker.do("sync", number, start, count)
                # The pages of other mappings are given up behind the answer, soon.
                for other in mapped:
                    check(step, way, number, start, count, other, how="load", patience=10)
        if count:
            check(step, way, number, start, count, chance.randrange(len(names)))
        check(step, way, number, *span(), chance.randrange(len(names)))
    # The second one has the first one's pipe too.
    for worker in reversed(workers):
        worker.end()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--size", type=int, required=True)
    parser.add_argument("--mapped", action="append", default=[], metavar="FILE=BASE")
    parser.add_argument("--unmapped", action="append", default=[], metavar="FILE=BASE")
    parser.add_argument("--scattered", nargs=2, action="append", default=[], metavar=("FILE", "CHUNKS"))
    options = parser.parse_args()
    specifications = []
    for path, chunks in options.scattered:
        pieces, first = [], 0
        for line in open(chunks):
            offset, count = (int(word, 0) for word in line.split()[:2])
            pieces.append((first, offset, count))
            first += count
        specifications.append((path, pieces))
    for word in options.mapped + options.unmapped:
        path, base = word.rsplit("=", 1)
        specifications.append((path, [(0, int(base, 0), options.size)]))
    mapped = range(len(specifications) - len(options.unmapped))
    exercise(specifications, mapped, options.size, options.seed, options.steps)


main()
