#!/bin/sh
# Runs a program in a network that has a way out, and prints how many packets it sent
# that way: offline.sh PROGRAM … in `unshare -rn`. The second number is how many after
# one was sent on purpose.
set -e
echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6
ip link set lo up
ip link add out type veth peer name in
ip link set in up
ip address add 192.0.2.1/24 dev out
ip link set out up
ip route add default via 192.0.2.2 dev out
ip neighbour add 192.0.2.2 lladdr 02:00:00:00:00:01 dev out
sent() { awk '$1 == "out:" { print $11 }' /proc/net/dev; }
"$@"
echo "sent $(sent)"
curl -s --connect-timeout 0.2 http://198.51.100.1/ || true
echo "sent $(sent)"
