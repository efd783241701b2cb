//go:build !linux

package config

func totalMemory() int64 { return unknownMemory }
