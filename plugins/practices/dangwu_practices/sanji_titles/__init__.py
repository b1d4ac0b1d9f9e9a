"""三级联创其他条目（政策见 policy.yaml）。"""
