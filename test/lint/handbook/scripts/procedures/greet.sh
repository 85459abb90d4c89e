echo hello
echo world
