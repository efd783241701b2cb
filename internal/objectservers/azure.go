package objectservers

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/lectern/lectern/internal/needs"
)

// Azure is an emulator of Azure's blobs, with the account that all emulators
// have.
type Azure struct{ Address string }

// The account and its key are public: they open nothing but emulators.
const (
	azureAccount = "devstoreaccount1"
	azureKey     = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
)

// StartAzure starts azurite and has Azure's client in the test's process call it.
func StartAzure(t *testing.T) *Azure {
	t.Helper()
	node := needs.Program(t, "node")
	script := filepath.Join(needs.Clients(t, "azurite"), "node_modules", "azurite", "dist", "src", "blob", "main.js")
	address := freeAddress(t)
	host, port := split(t, address)
	cmd := exec.Command(node, script, "--blobHost", host, "--blobPort", port, "--inMemoryPersistence", "--skipApiVersionCheck", "--silent")
	cmd.Env = append(os.Environ(), "AZURITE_ACCOUNTS="+azureAccount+":"+azureKey)
	start(t, cmd, address)
	t.Setenv("AZURE_STORAGE_ACCOUNT", azureAccount)
	t.Setenv("AZURE_STORAGE_KEY", azureKey)
	return &Azure{address}
}

// URL is that of a container and a prefix in it, as a server is configured with.
func (a *Azure) URL(container, prefix string) string {
	return "azblob://" + container + "/" + prefix + "?localemu=true&protocol=http&domain=" + a.Address
}
