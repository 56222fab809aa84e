// The only program of the image that the session tests run: what it does depends on its name and arguments.
package main

import (
	"archive/tar"
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"
	"unsafe"
)

func main() {
	name := filepath.Base(os.Args[0])
	args := os.Args[1:]
	if name == "tool" && len(args) > 0 {
		name, args = args[0], args[1:]
	}
	switch name {
	case "cat":
		_, err := io.Copy(os.Stdout, os.Stdin)
		must(err)
	case "exit":
		fmt.Fprintln(os.Stderr, "leaving")
		os.Exit(7)
	case "serve":
		serve()
	case "tar":
		runTar(args)
	case "tty":
		terminal()
	case "test":
		info, err := os.Stat(args[len(args)-1])
		if err != nil || !info.IsDir() {
			os.Exit(1)
		}
	default:
		ended := make(chan os.Signal, 1)
		signal.Notify(ended, syscall.SIGTERM, syscall.SIGINT)
		<-ended
	}
}

// serve echoes on port 8080, counts on stdout, and says back what comes on stdin.
func serve() {
	listener, err := net.Listen("tcp", ":8080")
	must(err)
	go func() {
		for {
			conn, err := listener.Accept()
			must(err)
			go func() { _, _ = io.Copy(conn, conn); _ = conn.Close() }()
		}
	}()
	go func() {
		buffer := make([]byte, 4096)
		for {
			n, err := os.Stdin.Read(buffer)
			if err != nil {
				return
			}
			fmt.Printf("heard %s\n", strings.TrimSpace(string(buffer[:n])))
		}
	}()
	for i := 0; ; i++ {
		fmt.Printf("tick %d\n", i)
		time.Sleep(200 * time.Millisecond)
	}
}

// terminal tells its size, now and when it changes, what it hears, and when it is interrupted; `leave` ends it.
func terminal() {
	changed := make(chan os.Signal, 1)
	signal.Notify(changed, syscall.SIGWINCH)
	interrupted := make(chan os.Signal, 1)
	signal.Notify(interrupted, syscall.SIGINT)
	go func() {
		for {
			var size struct{ rows, columns, x, y uint16 }
			_, _, failed := syscall.Syscall(
				syscall.SYS_IOCTL, 0, syscall.TIOCGWINSZ, uintptr(unsafe.Pointer(&size)))
			if failed == 0 {
				fmt.Printf("size %d %d\n", size.rows, size.columns)
			}
			<-changed
		}
	}()
	go func() {
		for range interrupted {
			fmt.Println("interrupted")
		}
	}()
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		if lines.Text() == "leave" {
			os.Exit(7)
		}
		fmt.Printf("heard %s\n", lines.Text())
	}
}

// runTar knows what `kubectl cp` asks of tar: `cf - <path>` and `-xmf - -C <dir>`.
func runTar(args []string) {
	if strings.Contains(args[0], "x") {
		dir := "/"
		for i, arg := range args {
			if arg == "-C" {
				dir = args[i+1]
			}
		}
		reader := tar.NewReader(os.Stdin)
		for {
			header, err := reader.Next()
			if err == io.EOF {
				return
			}
			must(err)
			target := filepath.Join(dir, header.Name)
			if header.Typeflag == tar.TypeDir {
				must(os.MkdirAll(target, 0o755))
				continue
			}
			must(os.MkdirAll(filepath.Dir(target), 0o755))
			file, err := os.Create(target)
			must(err)
			_, err = io.Copy(file, reader)
			must(err)
			must(file.Close())
		}
	}
	writer := tar.NewWriter(os.Stdout)
	path := args[len(args)-1]
	info, err := os.Stat(path)
	must(err)
	header, err := tar.FileInfoHeader(info, "")
	must(err)
	header.Name = strings.TrimPrefix(path, "/")
	must(writer.WriteHeader(header))
	file, err := os.Open(path)
	must(err)
	_, err = io.Copy(writer, file)
	must(err)
	must(writer.Close())
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
