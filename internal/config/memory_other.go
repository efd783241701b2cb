//go:build !linux

package config

func totalMemory() int64 { return unknownMemory }

func memoryLimit() int64 { return unknownMemory }
