#!/bin/sh
# Starts the download client in this process: sh client.sh
# Needs AIHUB_CLIENT_SERVER and AIHUB_CLIENT_TOKEN in the environment; AIHUB_CLIENT_WORK_DIR and the
# other AIHUB_CLIENT_* keys are optional. AIHUB_CLIENT_MAX_HEAP, 512m by default, is for scripts that read large
# files in one piece, and for machines with memory to spare. PAYARA_MICRO and CLIENT_WAR say where the two archives are and
# GRAALPY where the folder with GraalPy's is, if they are not beside this script, JAVA_HOME which Java runs it.
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
: "${AIHUB_CLIENT_SERVER:?is not set: the address of the server, for example https://aihub.example/aihub}"
: "${AIHUB_CLIENT_TOKEN:?is not set: the token of this machine, shown when the machine was made}"
: "${AIHUB_CLIENT_WORK_DIR:=/var/lib/aihub-client}"
export AIHUB_CLIENT_WORK_DIR
runtime=$AIHUB_CLIENT_WORK_DIR/payara

# Payara Micro would first deploy what a killed process had deployed, and then the client again.
rm -rf "$runtime"
mkdir -p "$AIHUB_CLIENT_WORK_DIR"

# glibc would give every other thread an arena of its own, and keep what was once used of it.
export MALLOC_ARENA_MAX="${MALLOC_ARENA_MAX:-2}"

# GraalPy is on the class path: the WAR's class loader would ask ten others for each of its classes first.
exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" "@$here/jvm.options" "-Xmx${AIHUB_CLIENT_MAX_HEAP:-512m}" \
  -cp "${PAYARA_MICRO:-$here/payara-micro.jar}:${GRAALPY:-$here/graalpy}/*" fish.payara.micro.PayaraMicro \
  --rootdir "$runtime" \
  --nohazelcast --disablephonehome \
  --logproperties "$here/logging.properties" \
  --prebootcommandfile "$here/preboot.asadmin" \
  --contextroot / \
  --deploy "${CLIENT_WAR:-$here/aihub-batch-client.war}"
