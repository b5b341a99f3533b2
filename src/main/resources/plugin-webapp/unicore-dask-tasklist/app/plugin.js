/* A link in Tasklist's bar to the page of one's clusters. */
export default {
  id: 'unicore-dask',
  pluginPoint: 'tasklist.navbar.action',
  priority: 250,
  render: (node, { api }) => {
    const root = document.querySelector('base').getAttribute('app-root');
    const link = document.createElement('a');
    link.href = `${root}/unicore-dask/?engine=${encodeURIComponent(api.engine)}`;
    link.textContent = 'My Dask clusters';
    node.append(link);
  }
};
