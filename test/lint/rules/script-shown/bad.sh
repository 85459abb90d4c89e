echo hello ⟵
echo world
