//go:build !unix

package command

func setUmask(string) {}
