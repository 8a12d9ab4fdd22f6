public import VCM

extension Tree {
  /// Opens a file.
  ///
  /// - Throws: `EISDIR` of a directory, `ELOOP` of a link; `EACCES` if the file is never written, or never read, even for
  ///   a privileged caller; `ENOENT` if it is gone.
  public func open(_ node: NodeID, _ options: OpenOptions, caller: Caller) throws(VCMError) -> OpenFile {
    try changing(caller, .open, about: node) { state throws(VCMError) in
      let (subject, declared) = try state.resolve(node)
      switch declared.declaration.behaviour {
      case .directory: throw VCMError(.isADirectory, "\(state.path(of: node)) is a directory")
      case .link: throw VCMError(.tooManyLinks, "\(state.path(of: node)) is a symbolic link")
      case .text(let text):
        if options.contains(.write), text.take == nil { throw self.onlyRead(state.path(of: node)) }
        let content = options.contains(.read) ? try text.render(subject, state, caller) : ""
        guard options.contains(.write) else {
          return ReadOnlyText(node: node, content: content, isConstant: text.isConstant)
        }
        return TextFile(
          tree: self, node: node, behaviour: text, content: content, options: options, caller: caller)
      case .view(let view):
        if options.contains(.write) { throw self.onlyRead(state.path(of: node)) }
        return ViewFile(node: node, content: try state.content(of: node, subject, view))
      case .dump(let dump):
        if options.contains(.write) { throw self.onlyRead(state.path(of: node)) }
        return DumpFile(node: node, content: try dump.open(subject, state))
      case .special(let special):
        if options.contains(.write), declared.declaration.permissions & 0o222 == 0 {
          throw self.onlyRead(state.path(of: node))
        }
        return try special.open(
          subject, Opening(tree: self, node: node, state: state, options: options, caller: caller))
      case .memory(let memory):
        // O_TRUNC is what cp and dd open with; memory keeps its length and its bytes.
        return MemoryFile(
          tree: self, node: node, behaviour: memory, state: state, options: options, caller: caller)
      }
    }
  }

  private func onlyRead(_ path: String) -> VCMError { VCMError(.accessDenied, "\(path) is only read") }
}
