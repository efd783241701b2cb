//go:build !unix

package config

func openFiles() int { return 1024 }
