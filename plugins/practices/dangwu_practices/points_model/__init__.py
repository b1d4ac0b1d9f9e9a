"""“积分制”发展党员（政策见 policy.yaml）。"""
