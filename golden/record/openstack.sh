#!/bin/bash
# Rebuilds the network of the captures openstack-provider/veth on Linux, and records every port while commands run.
# Needs root, iproute2, iptables, ethtool, tcpdump and Open vSwitch 3.1 (its userspace datapath: no module).
#
#   openstack.sh up RULES            RULES: a folder with c1.rules and c2.rules
#   openstack.sh record OUT COMMAND  flushes what was learnt, runs the command by sh, leaves a capture a port in OUT
#   openstack.sh flush
#   openstack.sh down
# In the command, `ip netns exec os-vm1 ping -c 3 10.0.2.12` and the like.
set -e
run=/tmp/hopscope-os
hosts='os-c1 os-c2 os-phy os-gw os-vm1 os-vm2 os-vm3 os-vm4'

inside() { local ns=$1; shift; ip netns exec "$ns" "$@"; }

quieten() { # netns interface...
  local ns=$1; shift
  for i; do
    inside "$ns" ethtool -K "$i" tx off rx off tso off gso off gro off rxvlan off txvlan off >/dev/null 2>&1 || :
    inside "$ns" ip link set "$i" up
  done
}

veth() { # netns name netns name
  ip link add hs-a type veth peer name hs-b
  ip link set hs-a netns "$1" name "$2"
  ip link set hs-b netns "$3" name "$4"
  quieten "$1" "$2"
  quieten "$3" "$4"
}

ovs() { # netns: a database and a switch of its own
  local d=$run/$1
  mkdir -p "$d"
  ovsdb-tool create "$d/conf.db" /usr/share/openvswitch/vswitch.ovsschema
  inside "$1" ovsdb-server "$d/conf.db" --remote="punix:$d/db.sock" --unixctl="$d/ovsdb.ctl" --pidfile="$d/ovsdb.pid" \
    --log-file="$d/ovsdb.log" --detach >/dev/null 2>&1
  ovs-vsctl --db="unix:$d/db.sock" --no-wait init
  OVS_RUNDIR=$d inside "$1" ovs-vswitchd "unix:$d/db.sock" --unixctl="$d/switch.ctl" --pidfile="$d/switch.pid" --log-file="$d/switch.log" \
    --detach >/dev/null 2>&1
}

vsctl() { local d=$run/$1; shift; ovs-vsctl --db="unix:$d/db.sock" "$@"; }
flows() { local ns=$1 bridge=$2; inside "$ns" ovs-ofctl "${@:3:1}" "unix:$run/$ns/$bridge.mgmt" "${@:4}"; }

vm() { # n compute address gateway
  local n=$1 c=os-$2
  veth os-vm$n eth0 $c tapvm$n
  inside os-vm$n ip link set eth0 address fa:16:3e:00:00:0$n
  inside $c ip link set tapvm$n address fe:16:3e:00:00:0$n
  inside os-vm$n ip addr add $3/24 dev eth0
  inside os-vm$n ip route add default via $4
  veth $c qvovm$n $c qvbvm$n
  inside $c ip link set qvovm$n address 02:b1:00:00:00:0$n
  inside $c ip link set qvbvm$n address 02:b0:00:00:00:0$n
  inside $c ip link add qbrvm$n type bridge forward_delay 0 stp_state 0 mcast_snooping 0
  inside $c ip link set qbrvm$n address 02:b0:00:00:00:0$n
  inside $c ip link set qbrvm$n up
  inside $c ip link set tapvm$n master qbrvm$n
  inside $c ip link set qvbvm$n master qbrvm$n
}

compute() { # c1|c2 and two VMs "n tag" each
  local c=os-$1
  vsctl $c --may-exist add-br br-int -- set bridge br-int datapath_type=netdev fail_mode=secure
  vsctl $c --may-exist add-br br-bond -- set bridge br-bond datapath_type=netdev fail_mode=secure
  veth $c int-br-bond $c phy-br-bond
  vsctl $c add-port br-int int-br-bond -- set interface int-br-bond ofport_request=1
  local port=2
  for each in "$2" "$3"; do
    set -- $each
    vsctl $c add-port br-int qvovm$1 tag=$2 -- set interface qvovm$1 ofport_request=$port
    port=$((port + 1))
  done
  vsctl $c add-port br-bond phy-br-bond -- set interface phy-br-bond ofport_request=1
  vsctl $c add-port br-bond bond0 -- set interface bond0 ofport_request=2
}

up() {
  local rules=$1
  down 2>/dev/null || :
  mkdir -p $run
  # Else no other namespace may choose it.
  sysctl -qw net.ipv4.tcp_allowed_congestion_control='reno cubic' || :
  for ns in $hosts; do
    ip netns add $ns
    inside $ns sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
    inside $ns sysctl -qw net.ipv4.tcp_congestion_control=cubic
    inside $ns ip link set lo up
  done
  for ns in os-c1 os-c2 os-phy; do ovs $ns; done
  veth os-c1 bond0 os-phy tor1-c1
  veth os-c2 bond0 os-phy tor2-c2
  veth os-phy tor1-core os-phy core-tor1
  veth os-phy tor2-core os-phy core-tor2
  veth os-gw vlan101 os-phy core-gw101
  veth os-gw vlan102 os-phy core-gw102
  for b in tor1 tor2 core; do vsctl os-phy add-br $b -- set bridge $b datapath_type=netdev; done
  vsctl os-phy add-port tor1 tor1-c1 trunks=101,102 -- add-port tor1 tor1-core trunks=101,102
  vsctl os-phy add-port tor2 tor2-c2 trunks=101,102 -- add-port tor2 tor2-core trunks=101,102
  vsctl os-phy add-port core core-tor1 trunks=101,102 -- add-port core core-tor2 trunks=101,102
  vsctl os-phy add-port core core-gw101 tag=101 -- add-port core core-gw102 tag=102
  inside os-gw ip link set vlan101 address 02:00:5e:00:01:01
  inside os-gw ip link set vlan102 address 02:00:5e:00:01:02
  inside os-gw ip addr add 10.0.1.1/24 dev vlan101
  inside os-gw ip addr add 10.0.2.1/24 dev vlan102
  inside os-gw sysctl -qw net.ipv4.ip_forward=1
  vm 1 c1 10.0.1.11 10.0.1.1
  vm 4 c1 10.0.1.14 10.0.1.1
  vm 2 c2 10.0.2.12 10.0.2.1
  vm 3 c2 10.0.1.13 10.0.1.1
  compute c1 '1 1' '4 1'
  compute c2 '2 2' '3 1'
  for c in c1 c2; do
    inside os-$c sysctl -qw net.bridge.bridge-nf-call-iptables=1
    inside os-$c iptables-restore <"$rules/$c.rules"
    for b in br-int br-bond; do flows os-$c $b add-flows "$rules/$c-$b.flows"; done
  done
}

flush() {
  for ns in $hosts; do
    inside $ns ip neigh flush all >/dev/null 2>&1 || :
    inside $ns ip route flush cache >/dev/null 2>&1 || :
  done
  for c in os-c1 os-c2; do
    inside $c conntrack -F >/dev/null 2>&1 || :
    for q in $(inside $c ls /sys/class/net | grep qbr); do
      inside $c sh -c "echo 1 >/sys/class/net/$q/bridge/flush" 2>/dev/null || inside $c ip link set $q type bridge fdb_flush || :
    done
  done
  for ns in os-c1 os-c2 os-phy; do
    ovs-appctl -t $run/$ns/switch.ctl fdb/flush >/dev/null
    ovs-appctl -t $run/$ns/switch.ctl revalidator/purge >/dev/null
  done
}

ports='os-vm1:eth0:01_vm1_eth0 os-c1:tapvm1:02_c1_tapvm1 os-c1:qvbvm1:03_c1_qvbvm1 os-c1:qvovm1:04_c1_qvovm1
os-c1:int-br-bond:05_c1_int-br-bond os-c1:phy-br-bond:06_c1_phy-br-bond os-c1:bond0:07_c1_bond0 os-phy:tor1-c1:08_tor1_to-c1
os-phy:tor1-core:09_tor1_to-core os-phy:core-tor1:10_core_to-tor1 os-phy:core-gw101:11_core_to-gw101 os-gw:vlan101:12_gw_vlan101
os-gw:vlan102:13_gw_vlan102 os-phy:core-gw102:14_core_to-gw102 os-phy:core-tor2:15_core_to-tor2 os-phy:tor2-core:16_tor2_to-core
os-phy:tor2-c2:17_tor2_to-c2 os-c2:bond0:18_c2_bond0 os-c2:phy-br-bond:19_c2_phy-br-bond os-c2:int-br-bond:20_c2_int-br-bond
os-c2:qvovm2:21_c2_qvovm2 os-c2:qvbvm2:22_c2_qvbvm2 os-c2:tapvm2:23_c2_tapvm2 os-vm2:eth0:24_vm2_eth0 os-c2:tapvm3:25_c2_tapvm3
os-vm3:eth0:26_vm3_eth0 os-c1:tapvm4:27_c1_tapvm4 os-vm4:eth0:28_vm4_eth0 os-c2:qvovm3:29_c2_qvovm3'

record() {
  local out=$1; shift
  rm -rf "$out"; mkdir -p "$out"
  local pids=
  for p in $ports; do
    IFS=: read -r ns dev name <<<"$p"
    ip netns exec $ns tcpdump --immediate-mode -i $dev -U -s 0 --time-stamp-precision=nano -w "$out/$name.pcap" 2>/dev/null &
    pids="$pids $!"
  done
  sleep 1
  flush
  sleep 0.3
  sh -c "$*" >"$out/cmd.txt" 2>&1 || :
  # Not so long that neighbours which were not confirmed are asked again.
  sleep "${TAIL:-0.5}"
  kill $pids 2>/dev/null
  for c in os-c1 os-c2; do inside $c conntrack -L 2>/dev/null; done >"$out/conntrack.txt" || :
  wait $pids 2>/dev/null || :
}

down() {
  for f in $run/*/*.pid; do [ -f "$f" ] && kill "$(cat "$f")" 2>/dev/null; done
  for ns in $hosts; do ip netns del $ns 2>/dev/null; done
  rm -rf $run
  return 0
}

"$@"
