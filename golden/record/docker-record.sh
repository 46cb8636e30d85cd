#!/bin/bash
# Records a scenario on the real kernel: docker-record.sh SCENARIO.yaml OUT-FOLDER
#
# Builds the nodes of the scenario as network namespaces (a server's containers and machines are namespaces of their own, its
# bridges are the kernel's), loads its rules, starts its services, does the steps of `run:` at their times, and writes one pcap for
# each line of the .ports file beside the scenario. What each step printed is in cmd.txt, connection tracking at the end in conntrack.txt, the
# counters of each node's rules in NODE.counters. Needs root, iproute2, iptables, conntrack, tcpdump, Python with PyYAML.
# Ports of the nodes' TCP are 40200 and up, so that the comparison takes none for one that a scenario has fixed. Two things to know:
# tcpdump on a bridge's own interface makes it promiscuous, and what br_netfilter turns to another station is then delivered twice;
# and TCP's confirmations of neighbours go along with a packet from namespace to namespace, so that nobody on its way asks by ARP
# after five seconds, as separate machines do: keep scenarios shorter.
# Offloads are off, IPv6 is off, neighbours are forgotten before the first step.
here=$(cd "$(dirname "$0")" && pwd)
exec python3 "$here/docker-record.py" "$@"
