"""“十六字”方针实践（政策见 policy.yaml）。"""
