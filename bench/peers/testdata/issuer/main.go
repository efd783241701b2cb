// An OpenID Connect issuer on loopback: zitadel's, which the OpenID Foundation has
// certified, with its example's store of users: issuer USERS, a JSON file. It prints
// its URL.
package main

import (
	"fmt"
	"log"
	"log/slog"
	"net"
	"net/http"
	"os"

	"github.com/zitadel/oidc/v3/example/server/exampleop"
	"github.com/zitadel/oidc/v3/example/server/storage"
)

func main() {
	users, err := storage.StoreFromFile(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	issuer := fmt.Sprintf("http://localhost:%d/", l.Addr().(*net.TCPAddr).Port)
	storage.RegisterClients(storage.WebClient("lectern", "secret", issuer+"back"))
	fmt.Println(issuer)
	log.Fatal(http.Serve(l, exampleop.SetupServer(issuer, storage.NewStorage(users), slog.New(slog.DiscardHandler), false)))
}
