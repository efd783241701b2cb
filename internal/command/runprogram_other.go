//go:build !unix

package command

import "os"

var passedOn = []os.Signal{os.Interrupt}

// fromTerminal reports that the program has had the interrupt too.
func fromTerminal(os.Signal) bool { return true }

func endOf(state *os.ProcessState) int { return state.ExitCode() }
