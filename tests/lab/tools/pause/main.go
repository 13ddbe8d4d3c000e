// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

// Pause holds a pod's namespaces: it waits for its end and collects orphans.
//
//	pause                    that, whatever else the arguments are
//	pause serve PORT …       the same, and answers every HTTP request there with 200
//	pause sleep SECONDS      ends with 0 after this time
//	pause exit CODE TEXT     says the text and ends with the code
package main

import (
	"fmt"
	"net"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"
)

const answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"

func main() {
	arguments := append(os.Args[1:], "", "", "")
	switch arguments[0] {
	case "sleep":
		time.Sleep(time.Duration(number(arguments[1])) * time.Second)
	case "exit":
		fmt.Println(arguments[2])
		os.Exit(number(arguments[1]))
	case "serve":
		go serve(number(arguments[1]))
		hold()
	default:
		hold()
	}
}

func number(text string) int {
	value, err := strconv.Atoi(text)
	if err != nil {
		end(err)
	}
	return value
}

func serve(port int) {
	listener, err := net.Listen("tcp", fmt.Sprintf(":%d", port))
	if err != nil {
		end(err)
	}
	for {
		connection, err := listener.Accept()
		if err != nil {
			end(err)
		}
		go reply(connection)
	}
}

// reply does not look at the request. Whoever goes away before the answer does not want it.
func reply(connection net.Conn) {
	defer connection.Close()
	request := make([]byte, 4096)
	if _, err := connection.Read(request); err == nil {
		fmt.Fprint(connection, answer)
	}
}

func end(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(2)
}

func hold() {
	ended := make(chan os.Signal, 1)
	signal.Notify(ended, syscall.SIGINT, syscall.SIGTERM)
	orphans := make(chan os.Signal, 1)
	signal.Notify(orphans, syscall.SIGCHLD)
	for {
		select {
		case <-ended:
			return
		case <-orphans:
			for {
				pid, err := syscall.Wait4(-1, nil, syscall.WNOHANG, nil)
				if err != nil || pid <= 0 {
					break
				}
			}
		}
	}
}
