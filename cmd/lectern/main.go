// Command lectern is a server for the Google Cloud Text-to-Speech API, and
// the tool to use it from a terminal.
package main

import "github.com/lectern/lectern/internal/command"

// version is set by the linker.
var version = "unknown"

func main() { command.Program{Version: version}.Main() }
