"""What a report embeds to open offline: its style and script, and Apache ECharts 6.1.0.

ECharts is dist/echarts.common.min.js of the npm package echarts, unchanged.
"""
